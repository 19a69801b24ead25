import FoundationEssentials

extension DatasetPart {
  /// The part that the variables of a Slurm job give this process: the tasks of an array, or else the processes of
  /// a step; nil outside of one.
  ///
  /// - SeeAlso: slurm.schedmd.com/job_array.html.
  public static func ofSlurmJob() -> DatasetPart? {
    DatasetPart(slurm: ProcessInfo.processInfo.environment)
  }

  init?(slurm environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    var place: (index: Int, count: Int)?
    if let task = number("SLURM_ARRAY_TASK_ID"), let count = number("SLURM_ARRAY_TASK_COUNT") {
      let step = max(1, number("SLURM_ARRAY_TASK_STEP") ?? 1)
      place = ((task - (number("SLURM_ARRAY_TASK_MIN") ?? 0)) / step, count)
    } else if let process = number("SLURM_PROCID"), let count = number("SLURM_NTASKS") {
      place = (process, count)
    }
    guard let place, place.count > 0, 0..<place.count ~= place.index else { return nil }
    self.init(index: place.index, count: place.count)
  }
}
