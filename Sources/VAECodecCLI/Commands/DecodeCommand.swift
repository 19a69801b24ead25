import VAECodec

/// `vaecodec decode`: latent files to pictures.
struct DecodeCommand {
  static let spec = CommandSpec(
    name: "decode",
    summary: "decode latents to PNG or JPEG pictures",
    usage: [
      "vaecodec decode LATENT... [options]",
      "vaecodec decode LATENT -o PICTURE [options]",
      "vaecodec decode LATENT... -o FOLDER/ [options]",
    ],
    operands: [
      .init(
        "LATENT", isRepeatable: true,
        help: "a latent.bin, .npy, .npz, .latent or .safetensors file, or - for standard input")
    ],
    options: [
      CommonOptions.outputBeside, format, CommonOptions.jpegQuality, CommonOptions.seed,
      CommonOptions.scaled, CommonOptions.unscaled, anyModel, CommonOptions.force,
      CommonOptions.skipExisting,
      CommonOptions.dryRun,
    ] + LatentInput.options + CommonOptions.modelOptions,
    examples: [
      .init(
        line: "vaecodec decode latent.bin",
        meaning: "latent.png: the picture at its original size, with its alpha and colour profile"),
      .init(line: "vaecodec decode latent.bin -o photo.png", meaning: "the same under that name"),
      .init(
        line: "vaecodec decode latents/*.bin -o pictures/ --format jpg --jpeg-quality 90",
        meaning: "a folder of latents as JPEG files"),
      .init(
        line: "vaecodec decode z.npy -o picture.png --scaled",
        meaning: "latents as a diffusers pipeline gives them with output_type=\"latent\""),
    ])

  private static let format = OptionSpec(
    "format", placeholder: "NAME", help: "png or jpg, whatever the output is called")
  private static let anyModel = OptionSpec(
    flag: "any-model", help: "decode a latent of another space than the model's")

  private let arguments: ParsedArguments
  private let batch: Batch
  private let writer: PictureWriter
  private let latentInput: LatentInput
  private let seed: UInt64?
  private let maximumPixelCount: Int
  private let progress: ProgressLine

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    let format = try arguments.choice(Self.format, of: PictureWriter.Format.self)
    writer = PictureWriter(format: format, jpegQuality: try arguments.jpegQuality())
    batch = try Batch(
      arguments, defaultExtension: (format ?? .png).rawValue, writesBeside: true,
      skips: arguments.has(CommonOptions.skipExisting))
    latentInput = try LatentInput(arguments, convention: arguments.convention())
    seed = try arguments.seed()
    maximumPixelCount = try arguments.maximumPixelCount()
    progress = try arguments.progressLine()
    for item in batch.items { try writer.check(item.output) }
  }

  /// Decodes all inputs.
  ///
  /// - Throws: `CodecError` if the model cannot be used, `ReportedFailure` if an input failed.
  func run() throws {
    if arguments.has(CommonOptions.dryRun) {
      try DryRun(arguments).run(batch) { input, codec in
        let latent = try latentInput.reading(of: latentInput.bytes(at: input)).latent
        let plan = try codec.plan(
          decoding: latent, ignoringSpace: arguments.has(Self.anyModel),
          maximumPixelCount: maximumPixelCount)
        let factor = codec.latentSpace.spatialFactor
        return (
          latent.picture?.width ?? plan.latentShape[2] * factor,
          latent.picture?.height ?? plan.latentShape[1] * factor, plan
        )
      }
      return
    }
    try batch.forEachWithCodec(arguments, progress) { item, codec, stopwatch in
      try decode(item, with: codec, stopwatch)
    }
  }

  private func decode(_ item: Batch.Item, with codec: Codec, _ stopwatch: Stopwatch) throws {
    var stopwatch = stopwatch
    let (bytes, reading) = try stopwatch.measure("read") {
      let bytes = try latentInput.bytes(at: item.input)
      return (bytes, try latentInput.reading(of: bytes))
    }
    let latent = try seed.map { try reading.latent.sampled(seed: $0) } ?? reading.latent
    let image = try stopwatch.measure("decode") {
      try codec.decode(
        latent, ignoringSpace: arguments.has(Self.anyModel), maximumPixelCount: maximumPixelCount
      ) { progress.show(item.input, $0) }
    }
    progress.clear()
    note(latent, reading.notes, item, codec)
    try stopwatch.measure("write") {
      try writer.write(
        image, matte: latent.picture?.matte ?? .white, to: item.output, replacing: batch.replaces)
    }
    try report(item, image, latent, byteCount: bytes.count, codec, stopwatch)
  }

  /// Tells what the user may want to know and what is no error.
  private func note(
    _ latent: Latent, _ assumptions: [String], _ item: Batch.Item, _ codec: Codec
  ) {
    guard !arguments.has(CommonOptions.quiet) else { return }
    Console.note(assumptions, of: item.input)
    if let encoder = latent.encoderFingerprint, let own = codec.encoderFingerprint, encoder != own,
      !arguments.has(Self.anyModel)
    {
      Console.complain(
        "\(item.input): note: made by another encoder than this model's, of the same latent space")
    }
    if let profile = latent.picture?.profile, profile.colorSpace != .rgb {
      Console.complain(
        "\(item.input): note: its colour profile is for \(profile.colorSpace) samples and is not written"
      )
    }
  }

  private func report(
    _ item: Batch.Item, _ image: Image, _ latent: Latent, byteCount: Int, _ codec: Codec,
    _ stopwatch: Stopwatch
  ) throws {
    if arguments.has(CommonOptions.json) {
      var report = Report(item, codec, stopwatch)
      report.width = image.width
      report.height = image.height
      report.latent = [latent.channels, latent.height, latent.width]
      report.bytes = byteCount
      report.bpp = Double(byteCount) * 8 / Double(image.width * image.height)
      try Console.printJSON(report)
    } else if item.output != "-", !arguments.has(CommonOptions.quiet) {
      try Console.printLine(
        "\(item.output): \(image.width)x\(image.height) pixels, "
          + "\(Format.fixed(stopwatch.seconds["decode"] ?? 0, 2)) s")
    }
  }
}
