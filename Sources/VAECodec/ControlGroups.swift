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
          Group(folder: $0, limit: "memory.max", usage: "memory.current")
        }
      }
      guard fields[1].split(separator: ",").contains("memory") else { return [] }
      return Self.folders(from: fields[2], upTo: root + "/memory").map {
        Group(folder: $0, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes")
      }
    }
  }

  /// Bytes that the groups leave the process; nil where none of them has a limit.
  var availableByteCount: Int? {
    groups.compactMap { group in
      Self.number(in: "\(group.folder)/\(group.limit)").flatMap { limit in
        Self.number(in: "\(group.folder)/\(group.usage)").map { max(0, limit - $0) }
      }
    }.min()
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
