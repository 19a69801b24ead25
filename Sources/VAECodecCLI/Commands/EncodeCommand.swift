import VAECodec

/// `vaecodec encode`: pictures to latent files.
struct EncodeCommand {
  static let spec = CommandSpec(
    name: "encode",
    summary: "encode PNG and JPEG pictures of any size as latents",
    usage: [
      "vaecodec encode PICTURE... [options]",
      "vaecodec encode PICTURE -o LATENT [options]",
      "vaecodec encode PICTURE... -o FOLDER/ [options]",
    ],
    operands: [
      .init("PICTURE", isRepeatable: true, help: "a PNG or JPEG file, or - for standard input")
    ],
    options: [
      CommonOptions.outputBeside, posterior, CommonOptions.seed, CommonOptions.scaled,
      CommonOptions.unscaled, CommonOptions.matte, CommonOptions.force, CommonOptions.skipExisting,
      CommonOptions.dryRun,
    ] + LatentOutput.options() + CommonOptions.modelOptions,
    examples: [
      .init(
        line: "vaecodec encode photo.jpg",
        meaning: "photo.bin, in which size, alpha and colour profile are kept"),
      .init(line: "vaecodec encode photo.jpg -o latent.bin", meaning: "the same under that name"),
      .init(
        line: "vaecodec encode photo.jpg -o small.bin -q 50",
        meaning: "half of the bytes, at the cost of a few tenths of a dB"),
      .init(
        line: "vaecodec encode photos/*.jpg -o latents/",
        meaning: "a folder of pictures; a bad one is reported and the others go on"),
      .init(
        line: "vaecodec encode photo.png -o z.npy --model sdxl-vae/ --posterior sample --seed 7",
        meaning: "a NumPy array, drawn as diffusers draws it with a CPU generator of seed 7"),
      .init(
        line: "vaecodec encode photos/*.png -o cache/ --format npz --model sdxl-vae/",
        meaning: "a cache for kohya's sd-scripts, of means"),
    ])

  private static let posterior = OptionSpec(
    "posterior", placeholder: "KIND",
    help: "mean (unless given), sample (with --seed, 0 unless given) or moments")

  private let arguments: ParsedArguments
  private let batch: Batch
  private let output: LatentOutput
  private let posterior: Latent.Posterior
  private let matte: Matte
  private let maximumPixelCount: Int
  private let progress: ProgressLine

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    let convention = try arguments.convention()
    output = try LatentOutput(
      arguments, convention: convention, unitsOptions: "--scaled or --unscaled"
    ) { _ in .standard }
    batch = try Batch(
      arguments, defaultExtension: output.fileExtension, writesBeside: true,
      skips: arguments.has(CommonOptions.skipExisting))
    posterior = try Self.posterior(arguments)
    matte = try arguments.matte()
    maximumPixelCount = try arguments.maximumPixelCount()
    progress = try arguments.progressLine()
    for item in batch.items {
      try output.check(item.output)
      let format = try output.format(of: item.output)
      if format.units == .stated, convention != nil {
        throw UsageError.conflict(
          "--scaled or --unscaled", "\(format.name), which states its units")
      }
      if posterior == .moments, !format.holdsMoments {
        throw UsageError.conflict("--posterior moments", format.name)
      }
    }
  }

  private static func posterior(_ arguments: ParsedArguments) throws -> Latent.Posterior {
    let choice = try arguments.choice(posterior, of: Latent.Posterior.Kind.self) ?? .mean
    let seed = try arguments.seed()
    if seed != nil, choice != .sample {
      throw UsageError.conflict(CommonOptions.seed.spelling, "--posterior \(choice.rawValue)")
    }
    return Latent.Posterior(choice, seed: seed ?? 0)
  }

  /// Encodes all inputs.
  ///
  /// - Throws: `CodecError` if the model cannot be used, `ReportedFailure` if an input failed.
  func run() throws {
    if arguments.has(CommonOptions.dryRun) {
      try DryRun(arguments).run(batch) { input, codec in
        let image = try Image(contentsOf: input, maximumPixelCount: maximumPixelCount)
        return (
          image.width, image.height,
          try codec.plan(encodingWidth: image.width, height: image.height)
        )
      }
      return
    }
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
    let byteCount = try stopwatch.measure("write") {
      try output.write(latent, to: item.output, replacing: batch.replaces)
    }
    progress.clear()
    if !arguments.has(CommonOptions.quiet) { try output.note(latent, item) }
    try report(item, image, latent, byteCount: byteCount, codec, stopwatch)
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
      report.quality = try output.quality(of: latent, in: item.output)
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
