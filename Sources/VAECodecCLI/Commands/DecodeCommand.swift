import VAECodec

/// `vaecodec decode`: latent files to pictures.
struct DecodeCommand: Command {
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
        "LATENT", isOptional: true, isRepeatable: true,
        help:
          "a latent.bin, .npy, .npz, .latent, .pt or .safetensors file, a folder of them, or - for "
          + "standard input"
      )
    ],
    options: DecodeOptions.specs,
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

  private let options: DecodeOptions

  init(_ arguments: ParsedArguments) throws { options = try DecodeOptions(arguments) }

  func run() throws {
    let model = try LoadedModel(options.model, options.style)
    guard !options.isDryRun else {
      return try PlanReport(style: options.style, model: model).run(options.batch) { report in
        try model.codec.planDecoding(options.batch, options.settings, report: report)
      }
    }
    let reporter = BatchReporter(options.style, options.batch)
    let notes = Notes(options.style, options.batch)
    try reporter.run { report in
      try model.codec.decode(
        options.batch, options.settings, progress: reporter.show, report: report)
    } done: { item, file in
      if !options.settings.ignoresSpace, model.codec.assumesSpace(of: file.stored.latent) {
        notes.printSpace(assumedOf: item, model.codec)
      }
      notes.print(file.stored, of: item, options.input)
      notes.print(
        file.latent, decodedWith: model.codec, ignoringSpace: options.settings.ignoresSpace, item)
      try print(item, file, model)
    }
  }

  private func print(_ item: Batch.Item, _ file: DecodedFile, _ model: LoadedModel) throws {
    if options.style.isJSON {
      var report = Report(item, file.seconds, model)
      (report.width, report.height) = (file.image.width, file.image.height)
      report.add(file.latent)
      report.bytes = file.stored.byteCount
      report.bpp = file.bitsPerPixel
      try Console.printJSON(report)
    } else if let output = options.style.named(item.output) {
      try Console.printLine(
        "\(output): \(file.image.width)x\(file.image.height) pixels, "
          + "\((file.seconds.decode ?? 0).fixed(2)) s")
    }
  }
}
