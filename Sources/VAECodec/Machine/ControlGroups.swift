/// The control groups that limit what a process may take: its own and those that it lies in, each
/// of which counts what all processes inside take.
///
/// - SeeAlso: the Linux documentation, `cgroup-v2` (memory.max, cpu.max), `cgroup-v1/memory` and
///   `scheduler/sched-bwc` (cpu.cfs_quota_us).
struct ControlGroups {
  /// The folders of the groups of the second version, which has one tree for all that is limited.
  private let unified: [String]
  /// Those of the first version, by what they limit.
  private let memory: [String]
  private let processors: [String]

  /// The groups of a process.
  ///
  /// - Parameters:
  ///   - membership: the text of its /proc/PID/cgroup.
  ///   - root: the folder where the groups are mounted.
  init(membership: String, root: String) {
    var (unified, memory, processors): ([String], [String], [String]) = ([], [], [])
    for line in membership.split(separator: "\n") {
      // The hierarchy's number, its controllers, and the path of the group in it.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      if fields[0] == "0", controllers.isEmpty {
        unified += Self.folders(from: fields[2], upTo: root)
      }
      if controllers.contains("memory") {
        memory += Self.folders(from: fields[2], upTo: root + "/memory")
      }
      if controllers.contains("cpu") {
        processors += Self.folders(from: fields[2], upTo: root + "/cpu")
      }
    }
    (self.unified, self.memory, self.processors) = (unified, memory, processors)
  }

  /// Those of this process; nil where the system has none.
  static var ofThisProcess: ControlGroups? {
    SystemFile("/proc/self/cgroup").map {
      ControlGroups(membership: $0.text, root: "/sys/fs/cgroup")
    }
  }

  /// Bytes that the groups leave the process; nil where none of them has a limit.
  var availableByteCount: Int? {
    let left =
      unified.map {
        Self.availableByteCount(
          in: $0, limit: "memory.max", usage: "memory.current", reclaimable: "inactive_file")
      }
      + memory.map {
        Self.availableByteCount(
          in: $0, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
          reclaimable: "total_inactive_file")
      }
    return left.compactMap(\.self).min()
  }

  /// Processors whose time the groups give the process, a part of one counted as one; nil where none of them has a
  /// limit.
  var processorCount: Int? {
    let quotas = unified.compactMap { folder -> Int? in
      let fields = SystemFile("\(folder)/cpu.max")?.numbers ?? []
      return fields.count == 2 ? Self.processors(quota: fields[0], period: fields[1]) : nil
    }
    let older = processors.compactMap { folder -> Int? in
      guard let quota = SystemFile("\(folder)/cpu.cfs_quota_us")?.number,
        let period = SystemFile("\(folder)/cpu.cfs_period_us")?.number
      else { return nil }
      return Self.processors(quota: quota, period: period)
    }
    return (quotas + older).min()
  }

  private static func processors(quota: Int, period: Int) -> Int? {
    guard quota > 0, period > 0 else { return nil }
    return max(1, (quota - 1) / period + 1)
  }

  /// - Parameter reclaimable: what memory.stat calls pages of files that the system takes back when memory runs
  ///   short.
  private static func availableByteCount(
    in folder: String, limit: String, usage: String, reclaimable: String
  ) -> Int? {
    guard let limit = SystemFile("\(folder)/\(limit)")?.number,
      let usage = SystemFile("\(folder)/\(usage)")?.number
    else { return nil }
    let free = SystemFile("\(folder)/memory.stat")?.field(reclaimable + " ") ?? 0
    return max(0, limit - max(0, usage - free))
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
}
