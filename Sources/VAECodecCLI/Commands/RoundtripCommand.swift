import VAECodec

/// `vaecodec roundtrip`: encodes and decodes in memory and says what was lost.
struct RoundtripCommand {
  static let spec = CommandSpec(
    name: "roundtrip",
    summary: "encode and decode pictures in memory and measure what was lost",
    usage: ["vaecodec roundtrip PICTURE... [options]"],
    operands: [
      .init("PICTURE", isRepeatable: true, help: "a PNG or JPEG file, or - for standard input")
    ],
    options: [
      CommonOptions.output, CommonOptions.force, CommonOptions.jpegQuality, CommonOptions.quality,
      CommonOptions.lossless, CommonOptions.seed, CommonOptions.matte,
    ] + Thresholds.options + CommonOptions.modelOptions,
    examples: [
      .init(
        line: "vaecodec roundtrip photo.jpg", meaning: "PSNR, SSIM, MS-SSIM and bits per pixel"),
      .init(
        line: "vaecodec roundtrip tests/*.png --min-psnr 24 --min-ssim 0.6",
        meaning: "fail where a picture falls below, for use in CI"),
      .init(
        line: "vaecodec roundtrip photo.png -o decoded.png --seed 7",
        meaning: "keep the decoded picture, of a sample drawn with seed 7"),
    ])

  private let arguments: ParsedArguments
  private let batch: Batch?
  private let thresholds: Thresholds
  private let writer: PictureWriter
  private let seed: UInt64?
  private let quality: Quality
  private let matte: Matte
  private let maximumPixelCount: Int
  private let progress: ProgressLine

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    writer = PictureWriter(format: nil, jpegQuality: try arguments.jpegQuality())
    batch =
      arguments.has(CommonOptions.output)
      ? try Batch(arguments, defaultExtension: PictureWriter.Format.png.rawValue) : nil
    for item in batch?.items ?? [] { try writer.check(item.output) }
    thresholds = try Thresholds(arguments)
    seed = try arguments.seed()
    quality = try arguments.latentQuality() ?? .standard
    matte = try arguments.matte()
    maximumPixelCount = try arguments.maximumPixelCount()
    progress = try arguments.progressLine()
  }

  /// Measures all inputs.
  ///
  /// - Throws: `CodecError` if the model cannot be used, `ReportedFailure` if an input failed or fell
  ///   below a threshold.
  func run() throws {
    var loading = Stopwatch()
    let codec = try loading.measure("load") { try arguments.codec() }
    var means = Means()
    try batch?.prepare()
    let items = batch?.items ?? arguments.operands.map { _ in nil }
    let inputs = Array(zip(arguments.operands, items))
    defer { progress.clear() }
    do {
      try Batch.forEach(inputs) { input, item in
        try measure(input, item, with: codec, Stopwatch(loading.seconds), &means)
      } name: {
        $0.0
      }
    } catch {
      try printMeans(means)
      throw error
    }
    try printMeans(means)
  }

  private func measure(
    _ input: String, _ item: Batch.Item?, with codec: Codec, _ stopwatch: Stopwatch,
    _ means: inout Means
  ) throws {
    var stopwatch = stopwatch
    if let item {
      try OutputFile.check(item.output, replacing: arguments.has(CommonOptions.force))
    }
    let image = try stopwatch.measure("read") {
      try Image(contentsOf: input, maximumPixelCount: maximumPixelCount)
    }
    let result = try codec.roundTrip(
      image, sampleSeed: seed, quality: quality, matte: matte
    ) { progress.show(input, $0) }
    progress.clear()
    if let item {
      try stopwatch.measure("write") {
        try writer.write(
          result.picture, matte: matte, to: item.output,
          replacing: arguments.has(CommonOptions.force))
      }
    }
    means.add(result)
    try report(input, item, result, codec, stopwatch)
    try thresholds.check(result.comparison, of: input)
  }

  private func report(
    _ input: String, _ item: Batch.Item?, _ result: RoundTrip, _ codec: Codec,
    _ stopwatch: Stopwatch
  ) throws {
    if arguments.has(CommonOptions.json) {
      var report = Report(Batch.Item(input: input, output: ""), codec, stopwatch)
      report.output = item?.output
      report.width = result.picture.width
      report.height = result.picture.height
      report.latent = [result.latent.channels, result.latent.height, result.latent.width]
      report.bytes = result.byteCount
      report.bpp = result.bitsPerPixel
      report.quality = quality
      report.seconds?["encode"] = result.seconds.encode
      report.seconds?["decode"] = result.seconds.decode
      report.comparison = ComparisonReport(comparison: result.comparison)
      report.passed = thresholds.passes(result.comparison)
      report.posterior_kl_nats = result.klNats
      report.posterior_kl_bits_per_dim = result.klBitsPerValue
      try Console.printJSON(report)
    } else if item?.output != "-", !arguments.has(CommonOptions.quiet) {
      let kl = result.klNats.map { nats in
        ", KL \(Format.fixed(nats, 0)) nats"
          + " (\(Format.fixed(result.klBitsPerValue ?? 0, 2)) bits per value)"
      }
      try Console.printLine(
        "\(input): \(Format.comparison(result.comparison)), \(Format.bytes(result.byteCount)), "
          + "\(Format.fixed(result.bitsPerPixel, 3)) bpp\(kl ?? ""), "
          + "encode \(Format.fixed(result.seconds.encode, 2)) s, "
          + "decode \(Format.fixed(result.seconds.decode, 2)) s")
    }
  }

  private func printMeans(_ means: Means) throws {
    guard means.count > 1, !arguments.has(CommonOptions.json), !arguments.has(CommonOptions.quiet)
    else { return }
    try Console.printLine("mean of \(means.count): \(means.line)")
  }
}

/// Means over several pictures.
private struct Means {
  private(set) var count = 0
  private var psnr = Mean()
  private var ssim = Mean()
  private var msSSIM = Mean()
  private var bitsPerPixel = Mean()

  /// A mean of those values that are there.
  private struct Mean {
    private var sum = 0.0
    private var count = 0

    mutating func add(_ value: Double?) {
      guard let value else { return }
      sum += value
      count += 1
    }

    func text(_ digits: Int) -> String {
      count > 0 ? Format.fixed(sum / Double(count), digits) : "-"
    }
  }

  mutating func add(_ result: RoundTrip) {
    count += 1
    psnr.add(result.comparison.psnr)
    ssim.add(result.comparison.ssim)
    msSSIM.add(result.comparison.msSSIM)
    bitsPerPixel.add(result.bitsPerPixel)
  }

  var line: String {
    "PSNR \(psnr.text(2)) dB, SSIM \(ssim.text(4)), MS-SSIM \(msSSIM.text(4)), "
      + "\(bitsPerPixel.text(3)) bpp"
  }
}
