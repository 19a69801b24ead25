import Glibc

/// `sched_getaffinity` of the C library, whose set of processors Swift's module of it cannot make.
@_silgen_name("sched_getaffinity")
private func systemAffinity(_ process: pid_t, _ byteCount: Int, _ set: UnsafeMutableRawPointer?)
  -> Int32

/// How other processes and other machines know this process.
enum ThisProcess {
  /// The machine's name.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The number of the process on its machine.
  static var number: Int { Int(getpid()) }

  /// Processors that the system's scheduler may choose for the process.
  static var processorCount: Int {
    var set = [UInt64](repeating: 0, count: maximumProcessorCount / UInt64.bitWidth)
    let status = unsafe set.withUnsafeMutableBytes { bytes in
      unsafe systemAffinity(0, bytes.count, bytes.baseAddress)
    }
    let count = set.reduce(0) { $0 + $1.nonzeroBitCount }
    return status >= 0 && count > 0 ? count : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// More than any machine has.
  private static let maximumProcessorCount = 1 << 16

  /// Whether a process of this machine is there.
  static func isRunning(_ number: Int) -> Bool {
    guard let number = pid_t(exactly: number) else { return false }
    return kill(number, 0) == 0 || errno != ESRCH
  }
}
