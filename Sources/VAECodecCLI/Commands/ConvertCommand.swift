import VAECodec

/// `vaecodec convert`: latent files of one program to those of another.
struct ConvertCommand: Command {
  static let spec = CommandSpec(
    name: "convert",
    summary: "convert latent files between the formats of different programs",
    usage: [
      "vaecodec convert LATENT -o LATENT [options]",
      "vaecodec convert LATENT... -o FOLDER/ [options]",
    ],
    operands: [
      .init(
        "LATENT", isOptional: true, isRepeatable: true,
        help:
          "a latent.bin, .npy, .npz, .latent, .pt or .safetensors file, a folder of them, or - for "
          + "standard input"
      )
    ],
    options: ConvertOptions.specs,
    examples: [
      .init(
        line: "vaecodec convert ComfyUI_00001_.latent -o z.bin --family sdxl",
        meaning: "a latent of ComfyUI, which does not say its space"),
      .init(
        line: "vaecodec convert cache/*.npz -o arrays/ --format npy --output-units scaled "
          + "--family sd",
        meaning: "a cache of kohya's as arrays that diffusers pipelines take"),
      .init(
        line: "vaecodec convert moments.bin -o sample.npz --seed 7",
        meaning: "a sample of a stored distribution"),
    ])

  private let options: ConvertOptions

  init(_ arguments: ParsedArguments) throws { options = try ConvertOptions(arguments) }

  func run() throws {
    var settings = options.settings
    settings.space = try options.space.map { try LoadedModel.space($0, options.style) }
    let notes = Notes(options.style, options.batch)
    try BatchReporter(options.style, options.batch).run {
      try options.batch.convert(settings, report: $0)
    } done: { item, file in
      notes.print(file.stored, of: item, options.input)
      notes.print(file.latent, writtenAs: file.file.format, item)
      try print(item, file)
    }
  }

  private func print(_ item: Batch.Item, _ file: ConvertedFile) throws {
    if options.style.isJSON {
      var report = Report(item, file.seconds)
      report.width = file.latent.picture?.width
      report.height = file.latent.picture?.height
      report.add(file.latent)
      report.bytes = file.byteCount
      report.quality = file.file.quality
      try Console.printJSON(report)
    } else if let output = options.style.named(item.output) {
      let latent = file.latent
      try Console.printLine(
        "\(output): \(latent.channels)x\(latent.height)x\(latent.width), "
          + Format.bytes(file.byteCount))
    }
  }
}
