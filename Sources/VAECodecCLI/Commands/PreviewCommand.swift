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
      "vaecodec preview LATENT... --sheet -o SHEET [options]",
    ],
    operands: [
      .init(
        "LATENT", isOptional: true, isRepeatable: true,
        help:
          "a latent.bin, .npy, .npz, .latent, .pt or .safetensors file, a folder of them, or - for "
          + "standard input"
      )
    ],
    options: PreviewOptions.specs,
    examples: [
      .init(
        line: "vaecodec preview latent.bin -o small.png",
        meaning: "one pixel for each position of the latent"),
      .init(
        line: "vaecodec preview cache/*.npz --sheet -o sheet.png",
        meaning: "one picture of a whole cache"),
      .init(
        line: "vaecodec preview cache/*.npz -o previews/ --family sdxl",
        meaning: "latents whose files do not say their space"),
    ])

  private let options: PreviewOptions

  init(_ arguments: ParsedArguments) throws { options = try PreviewOptions(arguments) }

  func run() throws {
    let notes = Notes(options.style, options.batch)
    var pictures = ContactSheet(side: options.sheet?.side)
    try options.sheet?.check()
    try BatchReporter(options.style, options.batch).run { report in
      let summary = try options.batch.preview(options.settings, report: report)
      if let sheet = options.sheet, pictures.count > 0 {
        try sheet.write(
          pictures, of: "preview",
          maximumPixelCount: options.settings.reading.maximumPixelCount, options.style)
      }
      return summary
    } done: { item, file in
      notes.print(file.stored, of: item, options.input)
      notes.print(file, item)
      if options.sheet != nil { pictures.add(file.image, named: Self.caption(of: item)) }
      try print(item, file)
    }
  }

  /// What stands below a preview on a sheet.
  private static func caption(of item: Batch.Item) -> String {
    let name = item.input == "-" ? "standard input" : FileName(item.input).last
    return item.part.map { "\(name) \($0)" } ?? name
  }

  private func print(_ item: Batch.Item, _ file: PreviewedFile) throws {
    if options.style.isJSON {
      var report = Report(item, file.seconds)
      report.output = options.sheet?.path ?? item.output
      (report.width, report.height) = (file.image.width, file.image.height)
      report.add(file.latent)
      try Console.printJSON(report)
    } else if options.sheet == nil, let name = options.style.named(item.output) {
      try Console.printLine("\(name): \(file.image.width)x\(file.image.height) pixels")
    }
  }
}
