import FoundationEssentials

/// Processors that this process may use, by all that may limit them.
struct ProcessorCount {
  /// The count, at least 1.
  let value: Int
  /// What decided it.
  let reason: String

  /// That of this process.
  static let ofThisProcess = ProcessorCount(
    affinity: ThisProcess.processorCount, groups: ControlGroups.ofThisProcess?.processorCount,
    environment: ProcessInfo.processInfo.environment)

  /// The least of all limits.
  ///
  /// - Parameters:
  ///   - affinity: processors that the system's scheduler may choose for the process.
  ///   - groups: processors whose time its control groups give it; nil for no limit.
  ///   - environment: variables, in which Slurm says what a task was given, and Spark and Ray, as OpenMP's users do,
  ///     how many threads it is to use.
  init(affinity: Int, groups: Int?, environment: [String: String]) {
    func number(_ name: String) -> (Int, String)? {
      // OpenMP takes a list, one number for each level of nested threads.
      let first = environment[name]?.split(separator: ",").first
      return first.flatMap { Int($0) }.flatMap { $0 > 0 ? ($0, name) : nil }
    }
    let limits = [
      (affinity, "processors"), groups.map { ($0, "control groups") },
      number("SLURM_CPUS_PER_TASK"), number("OMP_NUM_THREADS"),
    ].compactMap(\.self)
    let least = limits.min { $0.0 < $1.0 } ?? (1, "processors")
    (value, reason) = (max(1, least.0), least.1)
  }
}
