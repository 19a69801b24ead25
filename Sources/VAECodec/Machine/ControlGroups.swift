/// The control groups that limit the memory of a process: its own and those that it lies in, each
/// of which counts what all processes inside take.
///
/// - SeeAlso: the Linux documentation, `cgroup-v2` (memory.max) and `cgroup-v1/memory`.
struct ControlGroups {
  /// A group's folder and what the files in it are called.
  private struct Group {
    let folder: String
    let limit: String
    let usage: String
    /// What memory.stat calls pages of files that the system takes back when memory runs short.
    let reclaimable: String
  }

  private let groups: [Group]

  /// The groups of a process.
  ///
  /// - Parameters:
  ///   - membership: the text of its /proc/PID/cgroup.
  ///   - root: the folder where the groups are mounted.
  init(membership: String, root: String) {
    groups = membership.split(separator: "\n").flatMap { line -> [Group] in
      // The hierarchy's number, its controllers, and the path of the group in it.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      if fields[0] == "0", fields[1].isEmpty {
        return Self.folders(from: fields[2], upTo: root).map {
          Group(
            folder: $0, limit: "memory.max", usage: "memory.current", reclaimable: "inactive_file")
        }
      }
      guard fields[1].split(separator: ",").contains("memory") else { return [] }
      return Self.folders(from: fields[2], upTo: root + "/memory").map {
        Group(
          folder: $0, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
          reclaimable: "total_inactive_file")
      }
    }
  }

  /// Bytes that the groups leave the process; nil where none of them has a limit.
  var availableByteCount: Int? {
    groups.compactMap(Self.availableByteCount).min()
  }

  private static func availableByteCount(of group: Group) -> Int? {
    guard let limit = number(in: "\(group.folder)/\(group.limit)"),
      let usage = number(in: "\(group.folder)/\(group.usage)")
    else { return nil }
    let line = ProcessMemory.text(of: "\(group.folder)/memory.stat")?.split(separator: "\n")
      .first { $0.hasPrefix(group.reclaimable + " ") }
    let reclaimable = line.flatMap { Int($0.dropFirst(group.reclaimable.count + 1)) } ?? 0
    return max(0, limit - max(0, usage - reclaimable))
  }

  /// The folder of the group at `path`, and those above it; of a group outside of what is mounted,
  /// whose path begins with "/..", the root alone.
  private static func folders(from path: Substring, upTo root: String) -> [String] {
    let components = path.split(separator: "/")
    guard !components.contains("..") else { return [root] }
    return (0...components.count).map { count in
      ([root] + components.prefix(count).map(String.init)).joined(separator: "/")
    }
  }

  /// The number that a file holds and nothing else; nil for "max", which stands for no limit.
  private static func number(in path: String) -> Int? {
    ProcessMemory.text(of: path).flatMap { Int($0.filter { !$0.isWhitespace }) }
  }
}
