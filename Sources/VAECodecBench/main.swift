import Glibc

do {
  try Benchmark(arguments: Array(CommandLine.arguments.dropFirst())).run()
} catch {
  let message = Array("vaecodec-bench: \(error)\n".utf8)
  _ = unsafe write(STDERR_FILENO, message, message.count)
  exit(1)
}
