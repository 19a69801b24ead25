import FoundationEssentials

/// Memory of this process, as the system counts it.
public enum ProcessMemory {
  /// The largest resident size so far, in bytes: the field VmHWM of /proc/self/status; nil where the
  /// system has none.
  public static var peakByteCount: Int? { field("VmHWM", of: "/proc/self/status") }

  /// The resident size now, in bytes: the field VmRSS of /proc/self/status; nil where the system has
  /// none.
  static var residentByteCount: Int? { field("VmRSS", of: "/proc/self/status") }

  /// Bytes that the process could still take: what the machine has free, and what its control
  /// groups leave it; nil where the system says neither.
  ///
  /// - SeeAlso: the Linux documentation, `filesystems/proc` (MemAvailable).
  static var availableByteCount: Int? {
    let machine = field("MemAvailable", of: "/proc/meminfo")
    let groups = text(of: "/proc/self/cgroup").flatMap { membership in
      ControlGroups(membership: membership, root: "/sys/fs/cgroup").availableByteCount
    }
    return [machine, groups].compactMap(\.self).min()
  }

  /// A field of a file of lines such as "VmRSS:  123 kB", in bytes.
  private static func field(_ name: String, of path: String) -> Int? {
    let lines = text(of: path)?.split(separator: "\n") ?? []
    guard let line = lines.first(where: { $0.hasPrefix(name + ":") }) else { return nil }
    return Int(line.filter(\.isNumber)).map { $0 * 1024 }
  }

  /// The text of a file that the system makes up as it is read; nil if there is none.
  static func text(of path: String) -> String? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
