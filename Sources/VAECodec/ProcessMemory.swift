import FoundationEssentials

/// Memory of this process, as the system counts it.
public enum ProcessMemory {
  /// The largest resident size so far, in bytes: the field VmHWM of /proc/self/status; nil where the
  /// system has none.
  public static var peakByteCount: Int? {
    guard let data = try? Data(contentsOf: URL(filePath: "/proc/self/status")) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }) else { return nil }
    return Int(line.filter(\.isNumber)).map { $0 * 1024 }
  }
}
