import VAECodec

/// `vaecodec encode`: pictures to latent files.
struct EncodeCommand {
  static let spec = CommandSpec(
    name: "encode",
    summary: "encode PNG and JPEG pictures of any size as latents",
    usage: [
      "vaecodec encode PICTURE -o LATENT [options]",
      "vaecodec encode PICTURE... -o FOLDER/ [options]",
    ],
    operands: [
      .init("PICTURE", isRepeatable: true, help: "a PNG or JPEG file, or - for standard input")
    ],
    options: [
      CommonOptions.output, format, CommonOptions.quality, CommonOptions.lossless, posterior,
      CommonOptions.seed, CommonOptions.scaled, CommonOptions.unscaled, CommonOptions.matte,
      CommonOptions.force,
    ] + CommonOptions.modelOptions,
    examples: [
      .init(
        line: "vaecodec encode photo.jpg -o latent.bin",
        meaning: "size, alpha and colour profile are kept"),
      .init(
        line: "vaecodec encode photo.jpg -o small.bin -q 50",
        meaning: "two thirds of the bytes, at the cost of a few tenths of a dB"),
      .init(
        line: "vaecodec encode photos/*.jpg -o latents/",
        meaning: "a folder of pictures; a bad one is reported and the others go on"),
      .init(
        line: "vaecodec encode photo.png -o z.npy --model sdxl-vae/ --posterior sample --seed 7",
        meaning: "a NumPy array, drawn as diffusers draws it with a CPU generator of seed 7"),
    ])

  private static let format = OptionSpec(
    "format", placeholder: "NAME", help: "bin or npy, whatever the output is called")
  private static let posterior = OptionSpec(
    "posterior", placeholder: "KIND",
    help: "mean (unless given), sample (with --seed, 0 unless given) or moments")

  private enum PosteriorChoice: String, CaseIterable {
    case mean, sample, moments
  }

  private let arguments: ParsedArguments
  private let batch: Batch
  private let format: LatentFileFormat?
  private let quality: Quality?
  private let posterior: Codec.Posterior
  private let convention: Latent.Convention?
  private let matte: Matte
  private let maximumPixelCount: Int
  private let progress: ProgressLine

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    format = try arguments.choice(Self.format, of: LatentFileFormat.self)
    batch = try Batch(arguments, defaultExtension: (format ?? .bin).rawValue)
    quality = try arguments.latentQuality()
    posterior = try Self.posterior(arguments)
    convention = try arguments.convention()
    matte = try arguments.matte()
    maximumPixelCount = try arguments.maximumPixelCount()
    progress = try arguments.progressLine()
    for item in batch.items {
      guard let format = outputFormat(item) else {
        throw UsageError.invalidValue(
          option: CommonOptions.output.spelling, found: item.output,
          expected: .form("a name that ends in .bin or .npy, or --format"))
      }
      if format == .bin, convention != nil {
        throw UsageError.conflict("--scaled or --unscaled", "latent.bin, which states its units")
      }
      if format != .bin, quality != nil {
        throw UsageError.conflict(
          "--quality or --lossless", ".\(format.rawValue), which holds 32-bit floats")
      }
    }
  }

  private static func posterior(_ arguments: ParsedArguments) throws -> Codec.Posterior {
    let choice = try arguments.choice(posterior, of: PosteriorChoice.self) ?? .mean
    let seed = try arguments.seed()
    if seed != nil, choice != .sample {
      throw UsageError.conflict(CommonOptions.seed.spelling, "--posterior \(choice.rawValue)")
    }
    switch choice {
    case .mean: return .mean
    case .sample: return .sample(seed: seed ?? 0)
    case .moments: return .moments
    }
  }

  private func outputFormat(_ item: Batch.Item) -> LatentFileFormat? {
    format ?? (item.output == "-" ? .bin : LatentFileFormat(fileName: item.output))
  }

  /// Encodes all inputs.
  ///
  /// - Throws: `CodecError` if the model cannot be used, `ReportedFailure` if an input failed.
  func run() throws {
    try batch.forEachWithCodec(arguments, progress) { item, codec, stopwatch in
      try encode(item, with: codec, stopwatch)
    }
  }

  private func encode(_ item: Batch.Item, with codec: Codec, _ stopwatch: Stopwatch) throws {
    var stopwatch = stopwatch
    let image = try stopwatch.measure("read") {
      try Image(contentsOf: item.input, maximumPixelCount: maximumPixelCount)
    }
    let latent = try stopwatch.measure("encode") {
      try codec.encode(image, posterior: posterior, matte: matte) {
        progress.show(item.input, $0)
      }
    }
    let bytes = try stopwatch.measure("write") {
      let bytes = try serialized(latent, as: outputFormat(item) ?? .bin)
      try OutputFile.write(bytes, to: item.output, replacing: batch.replaces)
      return bytes
    }
    progress.clear()
    try report(item, image, latent, byteCount: bytes.count, codec, stopwatch)
  }

  private func serialized(_ latent: Latent, as format: LatentFileFormat) throws -> [UInt8] {
    switch format {
    case .bin:
      try latent.serialized(quality: quality ?? .standard)
    case .npy: try latent.numpyData(convention: convention ?? format.defaultConvention)
    }
  }

  private func report(
    _ item: Batch.Item, _ image: Image, _ latent: Latent, byteCount: Int, _ codec: Codec,
    _ stopwatch: Stopwatch
  ) throws {
    let bitsPerPixel = Double(byteCount) * 8 / Double(image.width * image.height)
    if arguments.has(CommonOptions.json) {
      var report = Report(item, codec, stopwatch)
      report.width = image.width
      report.height = image.height
      report.latent = [latent.channels, latent.height, latent.width]
      report.bytes = byteCount
      report.bpp = bitsPerPixel
      if outputFormat(item) == .bin { report.quality = quality ?? .standard }
      try Console.printJSON(report)
    } else if item.output != "-", !arguments.has(CommonOptions.quiet) {
      try Console.printLine(
        "\(item.output): \(image.width)x\(image.height) pixels as "
          + "\(latent.channels)x\(latent.height)x\(latent.width), \(Format.bytes(byteCount)), "
          + "\(Format.fixed(bitsPerPixel, 3)) bpp, "
          + "\(Format.fixed(stopwatch.seconds["encode"] ?? 0, 2)) s")
    }
  }
}
