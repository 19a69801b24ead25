import VAECodec

/// Prints what becomes of pictures that a command makes of its own, and draws the sheet of them.
struct MadePictureReporter {
  let model: LoadedModel
  let output: MadePictureOptions
  let maximumPixelCount: Int
  let style: ReportStyle

  /// Makes the pictures.
  ///
  /// A sheet is written if all of them were made, or not at all.
  ///
  /// - Parameters:
  ///   - captions: what stands below each picture on a sheet.
  ///   - columns: the pictures in a row; nil for as many as suit.
  ///   - facts: what JSON says of the picture of a number.
  ///   - make: makes them, with the closures for progress and reports.
  /// - Throws: `ReportedFailure` if one failed, and what ended the work.
  func run(
    captions: [String], columns: Int? = nil, facts: @escaping (Int) -> any Encodable,
    _ make:
      @escaping (
        _ progress: @escaping @Sendable (Batch.Item, Double) throws -> Void,
        _ report: (BatchEvent<MadePicture>) throws -> Void
      ) throws -> BatchSummary
  ) throws {
    let reporter = BatchReporter(style, output.batch)
    var sheet: ContactSheet?
    var count = 0
    try reporter.run { report in
      let summary = try make(reporter.show, report)
      if let place = output.sheet, let sheet, summary.failedCount == 0 {
        try place.write(sheet, of: "picture", maximumPixelCount: maximumPixelCount, style)
      }
      return summary
    } done: { item, file in
      if output.sheet != nil {
        let side = min(
          max(file.image.width, file.image.height),
          MadePictureOptions.largestSide(of: output.batch.items.count))
        var pictures = sheet ?? ContactSheet(side: side, columns: columns)
        pictures.add(file.image, named: captions[count])
        sheet = pictures
      }
      try print(item, file, facts(count))
      count += 1
    }
  }

  private func print(_ item: Batch.Item, _ file: MadePicture, _ facts: any Encodable) throws {
    if style.isJSON {
      var report = Report(item, file.seconds, model)
      report.output = output.sheet?.path ?? item.output
      (report.width, report.height) = (file.image.width, file.image.height)
      report.made = facts
      try Console.printJSON(report)
    } else if output.sheet == nil, let name = style.named(item.output) {
      try Console.printLine(
        "\(name): \(file.image.width)x\(file.image.height) pixels, "
          + "\((file.seconds.decode ?? 0).fixed(2)) s")
    }
  }
}
