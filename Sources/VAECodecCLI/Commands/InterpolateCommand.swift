import VAECodec

/// `vaecodec interpolate`: pictures between pictures.
struct InterpolateCommand: Command {
  static let spec = CommandSpec(
    name: "interpolate",
    summary: "decode what lies between the latents of pictures",
    usage: [
      "vaecodec interpolate A B [C ...] -o STRIP [options]",
      "vaecodec interpolate A B [C ...] -o FOLDER/ [options]",
    ],
    operands: [
      .init("A", help: "a picture or a latent, or - for standard input: the first of the pictures"),
      .init(
        "B", isRepeatable: true,
        help: "the next ones, of the same size; the pictures go from A to B, and on to others"),
    ],
    options: InterpolateOptions.specs,
    limits: [
      "With the VAEs of diffusion models this is a cross-fade of local appearance: half-way, both pictures "
        + "show through each other. It is no morph."
    ],
    examples: [
      .init(
        line: "vaecodec interpolate a.png b.png -n 9 -o strip.png",
        meaning: "nine pictures in a row, the first and the last those that A and B decode to"),
      .init(
        line: "vaecodec interpolate a.png b.png --path lerp --path pixel -o strip.png",
        meaning: "two rows: between the latents, and between the pictures"),
      .init(
        line: "vaecodec interpolate a.bin b.bin c.bin --path slerp -o frames/",
        meaning: "frames/slerp-001.png to frames/slerp-017.png"),
    ])

  private let options: InterpolateOptions

  init(_ arguments: ParsedArguments) throws { options = try InterpolateOptions(arguments) }

  /// What JSON says of a frame.
  private struct FrameReport: Encodable {
    let path: String
    let position: Double
  }

  func run() throws {
    try options.output.sheet?.check()
    let model = try LoadedModel(options.model, options.style)
    let inputs = ModelInputs(model: model, input: options.input, style: options.style)
    let interpolation = try Interpolation(
      inputs.latents(at: options.inputs), of: options.inputs, codec: model.codec,
      along: options.paths, count: options.count)
    let frames = interpolation.frames
    try MadePictureReporter(
      model: model, output: options.output,
      maximumPixelCount: options.input.reading.maximumPixelCount, style: options.style
    ).run(
      captions: frames.map { "\($0.path.rawValue) \($0.position.fixed(2))" },
      columns: interpolation.columnCount,
      facts: { FrameReport(path: frames[$0].path.rawValue, position: frames[$0].position) }
    ) { progress, report in
      try model.codec.interpolate(
        options.output.batch, interpolation, writing: options.output.writing,
        maximumPixelCount: options.input.reading.maximumPixelCount, progress: progress,
        report: report)
    }
  }
}
