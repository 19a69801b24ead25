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
    return [machine, ControlGroups.ofThisProcess?.availableByteCount].compactMap(\.self).min()
  }

  /// A field of a file of lines such as "VmRSS:  123 kB", in bytes.
  private static func field(_ name: String, of path: String) -> Int? {
    SystemFile(path)?.field(name + ":").map { $0 * 1024 }
  }
}
