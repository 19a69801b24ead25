import VAECodec

/// What `vaecodec convert` was asked for.
struct ConvertOptions {
  let batch: Batch
  /// All but the latent space, which may be that of a model.
  let settings: ConvertSettings
  let input: LatentInputOptions
  let space: LatentSpaceOptions?
  let style: ReportStyle

  private static let inputUnits = OptionSpec(
    "input-units", placeholder: "UNITS", value: .words(of: Latent.Units.self),
    help: "raw or scaled: the values of an input whose file does not say it")
  private static let outputUnits = OptionSpec(
    "output-units", placeholder: "UNITS", value: .words(of: Latent.Units.self),
    help: "raw or scaled: the values to write, where the format allows both")
  private static let mean = OptionSpec(
    flag: "mean", help: "keep only the mean of a latent that is a distribution")

  static let specs =
    [CommonOptions.output] + LatentInputOptions.specs
    + [
      inputUnits, outputUnits, CommonOptions.latentFamily, CommonOptions.latentModel,
      CommonOptions.anySpace,
      CommonOptions.seed, mean,
    ]
    + LatentOutputOptions.specs(
      quality: CommonOptions.quality(usual: "nothing is lost unless given")) + DatasetOptions.specs
    + [
      CommonOptions.force, CommonOptions.skipExisting, CommonOptions.maxPixels,
      CommonOptions.batchJSON, CommonOptions.progress, CommonOptions.quiet,
    ]

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    let inputUnits = try arguments.choice(Self.inputUnits, of: Latent.Units.self)
    let outputUnits = try arguments.choice(Self.outputUnits, of: Latent.Units.self)
    input = try LatentInputOptions(arguments, units: inputUnits) { units in
      "\(Self.inputUnits.spelling) \(units.rawValue)"
    }
    let output = try LatentOutputOptions(
      arguments, units: outputUnits, unitsOptions: Self.outputUnits.spelling)
    batch = try BatchOptions.batch(
      arguments, of: .latents, fileExtension: output.fileExtension,
      unlessNamed: nil,
      isOutput: { LatentFileFormat(fileName: $0) != nil })
    settings = ConvertSettings(
      reading: input.reading, overrulesSpace: arguments.has(CommonOptions.anySpace),
      draw: try Self.draw(arguments), writing: output.writing)
    style = try ReportStyle(arguments)
    for path in batch.items.compactMap(\.output) { _ = try output.checkedFormat(of: path) }
    space = try LatentSpaceOptions(arguments)
  }

  private static func draw(_ arguments: ParsedArguments) throws -> ConvertSettings.Draw {
    guard let seed = try arguments.seed() else {
      return arguments.has(mean) ? .mean : .everything
    }
    if arguments.has(mean) {
      throw UsageError.conflict(CommonOptions.seed.spelling, mean.spelling)
    }
    return .sample(seed: seed)
  }
}
