import VAECodec

/// `vaecodec compare`: how far one picture is from another.
struct CompareCommand {
  static let spec = CommandSpec(
    name: "compare",
    summary: "measure how far a picture is from its reference",
    usage: ["vaecodec compare REFERENCE PICTURE [options]"],
    operands: [
      .init("REFERENCE", help: "a PNG or JPEG file"),
      .init("PICTURE", help: "a PNG or JPEG file of the same size"),
    ],
    options: Thresholds.options
      + [CommonOptions.maxPixels, CommonOptions.json, CommonOptions.quiet],
    examples: [
      .init(line: "vaecodec compare photo.png decoded.png", meaning: "PSNR, SSIM and MS-SSIM"),
      .init(
        line: "vaecodec compare photo.png decoded.png --min-ssim 0.7 --quiet",
        meaning: "just the exit status"),
    ])

  private let arguments: ParsedArguments
  private let thresholds: Thresholds
  private let maximumPixelCount: Int

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    thresholds = try Thresholds(arguments)
    maximumPixelCount = try arguments.maximumPixelCount()
  }

  /// Compares the two pictures.
  ///
  /// - Throws: what reading them throws, and `ReportedFailure` if a threshold is missed.
  func run() throws {
    var pictures: [Image] = []
    try Batch.forEach(arguments.operands) { path in
      pictures.append(try Image(contentsOf: path, maximumPixelCount: maximumPixelCount))
    } name: {
      $0
    }
    let comparison = try Comparison(pictures[0], pictures[1])
    if arguments.has(CommonOptions.json) {
      var report = Report()
      report.input = arguments.operands[1]
      report.width = pictures[0].width
      report.height = pictures[0].height
      report.comparison = ComparisonReport(comparison: comparison)
      report.passed = thresholds.passes(comparison)
      try Console.printJSON(report)
    } else if !arguments.has(CommonOptions.quiet) {
      try Console.printLine(Format.comparison(comparison))
    }
    try thresholds.check(comparison, of: arguments.operands[1])
  }
}
