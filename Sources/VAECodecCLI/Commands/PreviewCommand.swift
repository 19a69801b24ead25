import VAECodec

/// `vaecodec preview`: small pictures of latents, without a network.
struct PreviewCommand: Command {
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
    options: PreviewOptions.specs,
    examples: [
      .init(
        line: "vaecodec preview latent.bin -o small.png",
        meaning: "one pixel for each position of the latent"),
      .init(
        line: "vaecodec preview cache/*.npz -o previews/ --family sdxl",
        meaning: "latents whose files do not say their space"),
    ])

  private let options: PreviewOptions

  init(_ arguments: ParsedArguments) throws { options = try PreviewOptions(arguments) }

  func run() throws {
    let notes = Notes(options.style, options.batch)
    try BatchReporter(options.style, options.batch).run {
      try options.batch.preview(options.settings, report: $0)
    } done: { item, file in
      notes.print(file.stored, of: item, options.input)
      notes.print(file, item)
      try print(item, file)
    }
  }

  private func print(_ item: Batch.Item, _ file: PreviewedFile) throws {
    if options.style.isJSON {
      var report = Report(item, file.seconds)
      (report.width, report.height) = (file.image.width, file.image.height)
      report.add(file.latent)
      try Console.printJSON(report)
    } else if let output = options.style.named(item.output) {
      try Console.printLine("\(output): \(file.image.width)x\(file.image.height) pixels")
    }
  }
}
