import FoundationEssentials

/// Memory of this process, as the system counts it.
public enum ProcessMemory {
  /// The largest resident size so far, in bytes: the field VmHWM of /proc/self/status; nil where the
  /// system has none.
  public static var peakByteCount: Int? { field("VmHWM", of: "/proc/self/status") }

  /// The resident size now, in bytes: the field VmRSS of /proc/self/status; nil where the system has
  /// none.
  static var residentByteCount: Int? { field("VmRSS", of: "/proc/self/status") }

  /// Bytes that the process could still take: what the machine has free, and what its control group
  /// leaves it; nil where the system tells neither.
  ///
  /// - SeeAlso: the Linux documentation, `filesystems/proc` (MemAvailable) and `cgroup-v2` (memory.max).
  static var availableByteCount: Int? {
    let machine = field("MemAvailable", of: "/proc/meminfo")
    let group = number(in: "/sys/fs/cgroup/memory.max").flatMap { limit in
      number(in: "/sys/fs/cgroup/memory.current").map { max(0, limit - $0) }
    }
    return [machine, group].compactMap { $0 }.min()
  }

  /// A field of a file of lines such as "VmRSS:  123 kB", in bytes.
  private static func field(_ name: String, of path: String) -> Int? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix(name + ":") }) else { return nil }
    return Int(line.filter(\.isNumber)).map { $0 * 1024 }
  }

  /// The number that a file holds and nothing else; nil for "max", which stands for no limit.
  private static func number(in path: String) -> Int? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return Int(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace })
  }
}
