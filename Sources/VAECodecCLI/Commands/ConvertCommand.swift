import VAECodec

/// `vaecodec convert`: latent files of one program to those of another.
struct ConvertCommand {
  static let spec = CommandSpec(
    name: "convert",
    summary: "convert latent files between the formats of different programs",
    usage: [
      "vaecodec convert LATENT -o LATENT [options]",
      "vaecodec convert LATENT... -o FOLDER/ [options]",
    ],
    operands: [
      .init(
        "LATENT", isRepeatable: true,
        help: "a latent.bin, .npy, .npz, .latent or .safetensors file, or - for standard input")
    ],
    options: [CommonOptions.output] + LatentInput.options
      + [
        inputUnits, outputUnits, CommonOptions.latentFamily, CommonOptions.latentModel,
        CommonOptions.seed, mean,
      ]
      + LatentOutput.options(
        quality: CommonOptions.quality(usual: "nothing is lost unless given"))
      + [
        CommonOptions.force, CommonOptions.skipExisting, CommonOptions.maxPixels,
        CommonOptions.json, CommonOptions.quiet,
      ],
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

  private static let inputUnits = OptionSpec(
    "input-units", placeholder: "UNITS",
    help: "raw or scaled: the input's values where its file does not state it")
  private static let outputUnits = OptionSpec(
    "output-units", placeholder: "UNITS",
    help: "raw or scaled: the values to write, where the format leaves the choice")
  private static let mean = OptionSpec(
    flag: "mean", help: "keep the mean of a latent that holds moments")

  private let arguments: ParsedArguments
  private let batch: Batch
  private let input: LatentInput
  private let output: LatentOutput
  private let seed: UInt64?

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    let inputUnits = try arguments.choice(Self.inputUnits, of: Latent.Units.self)
    let outputUnits = try arguments.choice(Self.outputUnits, of: Latent.Units.self)
    input = try LatentInput(arguments, convention: inputUnits) { units in
      "\(Self.inputUnits.spelling) \(units.rawValue)"
    }
    output = try LatentOutput(
      arguments, convention: outputUnits, unitsOptions: Self.outputUnits.spelling
    ) { Quality.preserving($0) }
    batch = try Batch(
      arguments, defaultExtension: output.fileExtension,
      skips: arguments.has(CommonOptions.skipExisting))
    seed = try arguments.seed()
    if seed != nil, arguments.has(Self.mean) {
      throw UsageError.conflict(CommonOptions.seed.spelling, Self.mean.spelling)
    }
    for item in batch.items { try output.check(item.output) }
  }

  /// Converts all inputs.
  ///
  /// - Throws: `CodecError` if a model was named and cannot be used, `ReportedFailure` if an input
  ///   failed.
  func run() throws {
    let space = try arguments.latentSpace()
    try batch.forEach { try convert($0, space) }
  }

  private func convert(_ item: Batch.Item, _ space: LatentSpace?) throws {
    var stopwatch = Stopwatch()
    let reading = try stopwatch.measure("read") {
      try input.reading(of: input.bytes(at: item.input))
    }
    let stored = try space.map { try reading.latent.placed(in: $0) } ?? reading.latent
    let latent = try drawn(from: stored)
    let byteCount = try stopwatch.measure("write") {
      try output.write(latent, to: item.output, replacing: batch.replaces)
    }
    if !arguments.has(CommonOptions.quiet) {
      Console.note(reading.notes, of: item.input)
      try output.note(latent, item)
    }
    try report(item, latent, byteCount: byteCount, stopwatch)
  }

  /// What of a stored distribution is to be written.
  private func drawn(from latent: Latent) throws -> Latent {
    if let seed { return try latent.sampled(seed: seed) }
    return arguments.has(Self.mean) ? latent.withoutVariance : latent
  }

  private func report(
    _ item: Batch.Item, _ latent: Latent, byteCount: Int, _ stopwatch: Stopwatch
  ) throws {
    if arguments.has(CommonOptions.json) {
      var report = Report()
      report.input = item.input
      report.output = item.output
      report.width = latent.picture?.width
      report.height = latent.picture?.height
      report.latent = [latent.channels, latent.height, latent.width]
      report.bytes = byteCount
      report.quality = try output.quality(of: latent, in: item.output)
      report.seconds = stopwatch.seconds
      try Console.printJSON(report)
    } else if item.output != "-", !arguments.has(CommonOptions.quiet) {
      try Console.printLine(
        "\(item.output): \(latent.channels)x\(latent.height)x\(latent.width), "
          + Format.bytes(byteCount))
    }
  }
}
