import VAECodec

/// `vaecodec preview`: small pictures of latents, without a network.
struct PreviewCommand {
  static let spec = CommandSpec(
    name: "preview",
    summary: "make small pictures of latents in milliseconds, without a model",
    usage: [
      "vaecodec preview LATENT... [options]",
      "vaecodec preview LATENT -o PICTURE [options]",
      "vaecodec preview LATENT... -o FOLDER/ [options]",
    ],
    operands: [
      .init(
        "LATENT", isRepeatable: true,
        help: "a latent.bin, .npy, .npz, .latent or .safetensors file, or - for standard input")
    ],
    options: [CommonOptions.outputBeside, format, CommonOptions.jpegQuality] + LatentInput.options
      + [
        CommonOptions.latentFamily, CommonOptions.scaled, CommonOptions.unscaled,
        CommonOptions.force, CommonOptions.skipExisting,
        CommonOptions.maxPixels, CommonOptions.json, CommonOptions.quiet,
      ],
    examples: [
      .init(
        line: "vaecodec preview latent.bin -o small.png",
        meaning: "one pixel for each position of the latent"),
      .init(
        line: "vaecodec preview cache/*.npz -o previews/ --family sdxl",
        meaning: "latents whose files do not say their space"),
    ])

  private static let format = OptionSpec(
    "format", placeholder: "NAME", help: "png or jpg, whatever the output is called")

  private let arguments: ParsedArguments
  private let batch: Batch
  private let input: LatentInput
  private let writer: PictureWriter
  private let family: LatentFamily?

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    input = try LatentInput(arguments, convention: arguments.convention())
    family = try arguments.choice(CommonOptions.latentFamily, of: LatentFamily.self)
    let format = try arguments.choice(Self.format, of: PictureWriter.Format.self)
    writer = PictureWriter(format: format, jpegQuality: try arguments.jpegQuality())
    batch = try Batch(
      arguments, defaultExtension: (format ?? .png).rawValue, writesBeside: true,
      skips: arguments.has(CommonOptions.skipExisting))
    for item in batch.items { try writer.check(item.output) }
  }

  /// Makes all previews.
  ///
  /// - Throws: `ReportedFailure` if an input failed.
  func run() throws { try batch.forEach(preview) }

  private func preview(_ item: Batch.Item) throws {
    var stopwatch = Stopwatch()
    let reading = try stopwatch.measure("read") {
      try input.reading(of: input.bytes(at: item.input))
    }
    let latent = try family.map { try reading.latent.placed(in: LatentSpace($0)) } ?? reading.latent
    let (image, source) = stopwatch.measure("decode") { latent.preview() }
    try stopwatch.measure("write") {
      try writer.write(image, matte: .white, to: item.output, replacing: batch.replaces)
    }
    if !arguments.has(CommonOptions.quiet) {
      Console.note(reading.notes, of: item.input)
    }
    if source == .principalComponents, !arguments.has(CommonOptions.quiet) {
      Console.complain(
        "\(item.input): note: no colours are known for its latent space"
          + (latent.space == nil ? ", which it does not name (--family does)" : "")
          + "; shown are its three principal components")
    }
    if arguments.has(CommonOptions.json) {
      var report = Report()
      report.input = item.input
      report.output = item.output
      report.width = image.width
      report.height = image.height
      report.latent = [latent.channels, latent.height, latent.width]
      report.seconds = stopwatch.seconds
      try Console.printJSON(report)
    } else if item.output != "-", !arguments.has(CommonOptions.quiet) {
      try Console.printLine("\(item.output): \(image.width)x\(image.height) pixels")
    }
  }
}
