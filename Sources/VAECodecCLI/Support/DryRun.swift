import VAECodec

/// `--dry-run`: what a command would take, without taking it.
struct DryRun {
  private let arguments: ParsedArguments

  /// A dry run of the command of `arguments`.
  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  /// Prints the plan of each input.
  ///
  /// - Parameter plan: gives the size of an input's picture and what it would take.
  /// - Throws: `CodecError` if the model cannot be used, `ReportedFailure` if an input failed.
  func run(
    _ batch: Batch,
    plan: (_ input: String, Codec) throws -> (width: Int, height: Int, plan: RunPlan)
  ) throws {
    let codec = try arguments.codec()
    try Batch.forEach(batch.items) { item in
      let (width, height, plan) = try plan(item.input, codec)
      if arguments.has(CommonOptions.json) {
        var report = Report()
        report.input = item.input
        report.model = codec.model.name
        (report.width, report.height) = (width, height)
        report.latent = plan.latentShape
        report.planned_peak_memory_bytes = plan.peakMemoryByteCount
        report.temporary_file_bytes = plan.temporaryFileByteCount
        report.multiply_adds = plan.multiplyAdds
        report.estimated_seconds = plan.seconds
        try Console.printJSON(report)
      } else {
        try Console.printLine(line(item.input, width, height, plan))
      }
    } name: {
      $0.input
    }
  }

  private func line(_ input: String, _ width: Int, _ height: Int, _ plan: RunPlan) -> String {
    let file = plan.temporaryFileByteCount
    return "\(input): \(width)x\(height) pixels, "
      + "\(plan.latentShape.map(String.init).joined(separator: "x")) latent, "
      + "\(Format.bytes(plan.peakMemoryByteCount)) of memory"
      + (file > 0 ? " and \(Format.bytes(file)) of temporary file" : "")
      + ", \(Format.fixed(Double(plan.multiplyAdds) / 1e9, 1)) billion multiply-adds, "
      + "about \(Format.fixed(plan.seconds, 1)) s"
  }
}
