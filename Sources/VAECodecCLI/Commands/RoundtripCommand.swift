import VAECodec

/// `vaecodec roundtrip`: encodes and decodes in memory and says what was lost.
struct RoundtripCommand: Command {
  static let spec = CommandSpec(
    name: "roundtrip",
    summary: "encode and decode pictures in memory and measure what was lost",
    usage: ["vaecodec roundtrip PICTURE... [options]"],
    operands: [
      .init(
        "PICTURE", isOptional: true, isRepeatable: true,
        help: "a PNG or JPEG file, a folder of them, or - for standard input")
    ],
    options: RoundtripOptions.specs,
    limits: RefinementOptions.limits,
    examples: [
      .init(
        line: "vaecodec roundtrip photo.jpg", meaning: "what was lost, and bits per pixel"),
      .init(
        line: "vaecodec roundtrip tests/*.png --min-psnr 24 --min-ssim 0.6",
        meaning: "fail where a picture falls below, for use in CI"),
      .init(
        line: "vaecodec roundtrip photos/*.jpg --report page.html",
        meaning: "a page of all pictures with a slider between before and after, the worst first"),
      .init(
        line: "vaecodec roundtrip photo.png -o decoded.png --seed 7",
        meaning: "keep the decoded picture, of a sample drawn with seed 7"),
    ])

  private let options: RoundtripOptions

  init(_ arguments: ParsedArguments) throws { options = try RoundtripOptions(arguments) }

  func run() throws {
    let model = try LoadedModel(options.model, options.style)
    let page = try PageCollector(options.page, title: "Round trip", facts: facts(model))
    let reporter = BatchReporter(options.style, options.batch)
    try reporter.run(
      { report in
        try page.written(options.style) {
          try model.codec.roundTrip(
            options.batch, options.settings, progress: reporter.show
          ) { event in
            try page.collect(event, report) { item, file in
              ReportPage.Entry(
                named: InputFile.displayName(of: item.input), file.reference, file.result.picture,
                file.result.comparison, bitsPerPixel: file.result.bitsPerPixel)
            }
          }
        }
      }, bounds: options.meanBounds
    ) { item, file in
      if options.style.isJSON {
        try printJSON(item, file, model)
      } else if options.style.printsLines, item.output != "-" {
        try Console.printLine(line(item, file.result))
      }
      try options.bounds.check(file.result.comparison)
    }
    try page.checkWritten()
  }

  /// What is true of all pictures on a page.
  private func facts(_ model: LoadedModel) -> [(name: String, value: String)] {
    let quality = options.settings.quality.level.map { "\($0)" } ?? "lossless"
    return [("model", model.codec.model.name), ("quality", quality)]
      + (options.settings.sampleSeed.map { [("seed", "\($0)")] } ?? [])
      + (options.settings.refinement.map { [("refined by", "\($0)")] } ?? [])
  }

  private func printJSON(
    _ item: Batch.Item, _ file: RoundTrippedFile, _ model: LoadedModel
  ) throws {
    let result = file.result
    var report = Report(item, file.seconds, model)
    (report.width, report.height) = (result.picture.width, result.picture.height)
    report.add(result.latent)
    report.bytes = result.byteCount
    report.bpp = result.bitsPerPixel
    report.quality = options.settings.quality
    report.add(result.comparison, options.bounds)
    report.refine = RefinementReport(result.refined)
    report.posterior_kl_nats = result.kl
    report.posterior_kl_bits_per_dim = result.klBitsPerValue
    try Console.printJSON(report)
  }

  private func line(_ item: Batch.Item, _ result: RoundTrip) -> String {
    "\(item.input): \(Format.comparison(result.comparison)), "
      + "\(Format.bytes(result.byteCount)), \(result.bitsPerPixel.fixed(3)) bpp, "
      + "encode \(result.seconds.encode.fixed(2)) s, decode \(result.seconds.decode.fixed(2)) s"
      + Format.gain(result.refined)
  }
}
