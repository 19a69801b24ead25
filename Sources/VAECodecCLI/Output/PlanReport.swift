import VAECodec

/// Prints what the work on a file would take: `--dry-run`.
struct PlanReport {
  let style: ReportStyle
  let model: LoadedModel

  /// Runs the plans of a batch and prints them.
  ///
  /// - Throws: as `BatchReporter.run`.
  func run(
    _ batch: Batch,
    _ plan: (_ report: (BatchEvent<PlannedFile>) throws -> Void) throws -> BatchSummary
  ) throws {
    try BatchReporter(style, batch).run(plan, done: print)
  }

  private func print(_ item: Batch.Item, _ file: PlannedFile) throws {
    guard style.isJSON else {
      if style.printsLines { try Console.printLine(line(item, file)) }
      return
    }
    var report = Report()
    report.input = item.input
    report.model = model.codec.model.name
    (report.width, report.height) = (file.width, file.height)
    report.latent = file.plan.latentShape
    report.planned_peak_memory_bytes = file.plan.peakMemoryByteCount
    report.temporary_file_bytes = file.plan.temporaryFileByteCount
    report.multiply_adds = file.plan.multiplyAdds
    report.estimated_seconds = file.plan.seconds
    try Console.printJSON(report)
  }

  private func line(_ item: Batch.Item, _ file: PlannedFile) -> String {
    let plan = file.plan
    let spilled = plan.temporaryFileByteCount
    return "\(item.input): \(file.width)x\(file.height) pixels, "
      + "\(plan.latentShape.map(String.init).joined(separator: "x")) latent, "
      + "\(Format.bytes(plan.peakMemoryByteCount)) of memory"
      + (spilled > 0 ? " and \(Format.bytes(spilled)) of temporary file" : "")
      + ", \((Double(plan.multiplyAdds) / 1e9).fixed(1)) billion multiply-adds, "
      + "about \(plan.seconds.fixed(1)) s"
  }
}
