import FoundationEssentials
import Glibc
import VAE

/// What became of one run of the program: how it ended, what it printed and what it took.
///
/// The streams are files, so nothing has to be read or written while the program runs, and a run that
/// takes too long is ended.
package struct CommandLineRun: Sendable, CustomStringConvertible {
  /// What was run, for messages.
  package let line: String
  /// The exit status; nil where a signal ended the program.
  package let status: Int32?
  /// The signal that ended the program; nil where it exited.
  package let signal: Int32?
  /// What it wrote on standard output.
  package let output: [UInt8]
  /// What it wrote on standard error.
  package let errors: String
  /// How long it ran.
  package let seconds: Double
  /// The largest resident size it had, in bytes, as last seen within 2 ms of its end; of a script,
  /// that of the shell alone.
  package let peakByteCount: Int

  /// Standard output as text.
  package var text: String { String(decoding: output, as: UTF8.self) }
  /// The lines of standard error.
  package var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  package var description: String {
    let end = status.map { "exit \($0)" } ?? "signal \(signal ?? 0)"
    return "'\(line)': \(end) after \(seconds) s, standard error: \(errors.prefix(1000))"
  }

  /// The program, built beside the tests.
  package static let binary: String = {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe readlink("/proc/self/exe", $0, bytes.count) } ?? 0
    }
    let tests = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    return FileSystem.parent(of: tests) + "/vaecodec"
  }()

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - input: what it reads on standard input.
  ///   - environment: variables besides those of the tests, from which VAECODEC_* are taken out.
  ///   - folder: the folder it runs in.
  ///   - timeout: seconds after which it is ended, by SIGKILL.
  package static func vaecodec(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    in folder: TemporaryFolder? = nil, timeout: Double = 30
  ) throws -> CommandLineRun {
    try run(
      [binary] + arguments, input: input, environment: environment, folder: folder, timeout: timeout
    )
  }

  /// Runs a script of `/bin/sh`, in which `$vaecodec` is the program.
  ///
  /// - Parameter arguments: `$1` and what follows.
  package static func shell(
    _ script: String, _ arguments: [String] = [], in folder: TemporaryFolder,
    timeout: Double = 30
  ) throws -> CommandLineRun {
    try run(
      ["/bin/sh", "-c", script, "sh"] + arguments, input: [], environment: ["vaecodec": binary],
      folder: folder, timeout: timeout)
  }

  /// Runs a script of `/bin/sh`, in which `$vaecodec` is the program, on a terminal: what it writes on
  /// standard output and standard error is `output`, as the terminal gets it.
  package static func terminal(
    columns: Int, _ script: String, _ arguments: [String] = [], in folder: TemporaryFolder,
    timeout: Double = 30
  ) throws -> CommandLineRun {
    try run(
      ["/bin/sh", "-c", script, "sh"] + arguments, input: [],
      environment: ["vaecodec": binary, "TERM": "xterm"], folder: folder, timeout: timeout,
      terminal: PseudoTerminal(columns: columns))
  }

  private static func run(
    _ command: [String], input: [UInt8], environment: [String: String], folder: TemporaryFolder?,
    timeout: Double, terminal: PseudoTerminal? = nil
  ) throws -> CommandLineRun {
    let streams = try TemporaryFolder()
    for name in ["out", "err"] { try streams.write([], to: name) }
    try streams.write(input, to: "in")
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("VAECODEC_") }
    variables.merge(environment) { $1 }
    let clock = ContinuousClock()
    let start = clock.now
    let paths =
      [streams.path("in")]
      + (terminal.map { [$0.path, $0.path] } ?? [streams.path("out"), streams.path("err")])
    let child = try spawn(command, variables, paths, folder: folder ?? streams)
    var shown: [UInt8] = []
    var status: Int32 = 0
    var peakByteCount = 0
    while unsafe waitpid(child, &status, WNOHANG) == 0 {
      // Not the peak of wait4, which begins with that of the tests themselves.
      peakByteCount = max(peakByteCount, peak(of: child))
      shown += terminal?.readAvailable() ?? []
      if clock.now - start > .seconds(timeout) { kill(child, SIGKILL) }
      usleep(2000)
    }
    shown += terminal?.readAvailable() ?? []
    let signal = status & 0x7F
    return CommandLineRun(
      line: command.joined(separator: " "), status: signal == 0 ? status >> 8 & 0xFF : nil,
      signal: signal == 0 ? nil : signal, output: try streams.bytes(of: "out") + shown,
      errors: String(decoding: try streams.bytes(of: "err"), as: UTF8.self),
      seconds: (clock.now - start) / .seconds(1), peakByteCount: peakByteCount)
  }

  /// The largest resident size so far of a process, in bytes; 0 once it has ended.
  private static func peak(of process: pid_t) -> Int {
    let file = URL(filePath: "/proc/\(process)/status")
    guard let data = try? Data(contentsOf: file) else { return 0 }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }

  /// Starts `command` with the files at `streams` as its standard streams.
  private static func spawn(
    _ command: [String], _ variables: [String: String], _ streams: [String],
    folder: TemporaryFolder
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    for (descriptor, path) in streams.enumerated() {
      unsafe posix_spawn_file_actions_addopen(
        &actions, Int32(descriptor), path, descriptor == 0 ? O_RDONLY : create, 0o600)
    }
    var child: pid_t = 0
    let moving = ["/bin/sh", "-c", "cd \"$1\"; shift; exec \"$@\"", "sh", folder.path]
    let arguments = unsafe cStrings(moving + command)
    let environment = unsafe cStrings(variables.map { "\($0.key)=\($0.value)" })
    defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
    let code = unsafe posix_spawn(&child, moving[0], &actions, nil, arguments, environment)
    guard code == 0 else { throw CannotRun(program: moving[0], reason: systemMessage(code)) }
    return child
  }

  /// A list that ends in null of copies of `strings`, which are the caller's to free.
  private static func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
    var list: [UnsafeMutablePointer<CChar>?] = unsafe []
    for string in strings { unsafe list.append(strdup(string)) }
    unsafe list.append(nil)
    return unsafe list
  }

  /// A program that the system does not start.
  private struct CannotRun: Error {
    let program: String
    let reason: String
  }
}
