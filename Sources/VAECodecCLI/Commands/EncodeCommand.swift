import VAECodec

/// `vaecodec encode`: pictures to latent files.
struct EncodeCommand: Command {
  static let spec = CommandSpec(
    name: "encode",
    summary: "encode PNG and JPEG pictures of any size as latents",
    usage: [
      "vaecodec encode PICTURE... [options]",
      "vaecodec encode PICTURE -o LATENT [options]",
      "vaecodec encode PICTURE... -o FOLDER/ [options]",
      "vaecodec encode FOLDER -o FOLDER/ [options]",
      "vaecodec encode --files-from LIST -o FOLDER/ [options]",
    ],
    operands: [
      .init(
        "PICTURE", isOptional: true, isRepeatable: true,
        help: "a PNG or JPEG file, a folder of them, or - for standard input")
    ],
    options: EncodeOptions.specs,
    limits: RefinementOptions.limits,
    examples: [
      .init(
        line: "vaecodec encode photo.jpg",
        meaning: "photo.bin, in which size, alpha and colour profile are kept"),
      .init(line: "vaecodec encode photo.jpg -o latent.bin", meaning: "the same under that name"),
      .init(
        line: "vaecodec encode photo.jpg -o small.bin -q 50",
        meaning: "half of the bytes, at the cost of a few tenths of a dB"),
      .init(
        line: "vaecodec encode photo.jpg -o better.bin --effort 3",
        meaning: "about as many bytes and a picture nearer to the photo, for 20 steps of work"),
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

  private let options: EncodeOptions

  init(_ arguments: ParsedArguments) throws { options = try EncodeOptions(arguments) }

  func run() throws {
    let model = try LoadedModel(options.model, options.style)
    guard !options.isDryRun else {
      return try PlanReport(style: options.style, model: model).run(options.batch) { report in
        try model.codec.planEncoding(options.batch, options.settings, report: report)
      }
    }
    let notes = Notes(options.style, options.batch)
    let reporter = BatchReporter(options.style, options.batch)
    try reporter.run { report in
      try model.codec.encode(
        options.batch, options.settings, progress: reporter.show, report: report)
    } done: { item, file in
      notes.print(file.latent, writtenAs: file.file.format, item)
      try print(item, file, model)
    }
  }

  private func print(_ item: Batch.Item, _ file: EncodedFile, _ model: LoadedModel) throws {
    if options.style.isJSON {
      var report = Report(item, file.seconds, model)
      (report.width, report.height) = (file.width, file.height)
      report.add(file.latent)
      report.bytes = file.byteCount
      report.bpp = file.bitsPerPixel
      report.quality = file.file.quality
      report.refine = RefinementReport(file.refined)
      try Console.printJSON(report)
    } else if let output = options.style.named(item.output) {
      let latent = file.latent
      try Console.printLine(
        "\(output): \(file.width)x\(file.height) pixels as "
          + "\(latent.channels)x\(latent.height)x\(latent.width), \(Format.bytes(file.byteCount)), "
          + "\(file.bitsPerPixel.fixed(3)) bpp, \((file.seconds.encode ?? 0).fixed(2)) s"
          + Format.gain(file.refined))
    }
  }
}
