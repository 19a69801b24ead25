import VAECodec

/// What `vaecodec decode` was asked for.
struct DecodeOptions {
  let batch: Batch
  let settings: DecodeSettings
  let input: LatentInputOptions
  let isDryRun: Bool
  let style: ReportStyle
  let model: ModelOptions

  private static let anyModel = OptionSpec(
    flag: "any-model", help: "decode even a latent that was made for another kind of model")

  static let specs =
    [
      CommonOptions.outputBeside, PictureOutputOptions.format, CommonOptions.jpegQuality,
      CommonOptions.seed, CommonOptions.scaled, CommonOptions.unscaled, anyModel,
      CommonOptions.force, CommonOptions.skipExisting, CommonOptions.dryRun,
    ] + DatasetOptions.specs + LatentInputOptions.specs + ModelOptions.specs

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    let output = try PictureOutputOptions(arguments)
    batch = try BatchOptions.batch(
      arguments, of: .latents, fileExtension: output.fileExtension,
      unlessNamed: .beside,
      isOutput: { (try? PictureWriting().format(of: $0)) != nil })
    input = try LatentInputOptions(arguments, units: arguments.units())
    settings = DecodeSettings(
      reading: input.reading, sampleSeed: try arguments.seed(),
      ignoresSpace: arguments.has(Self.anyModel), writing: output.writing)
    style = try ReportStyle(arguments)
    isDryRun = arguments.isDryRun
    try output.check(batch.items.compactMap(\.output))
    model = try ModelOptions(arguments)
  }
}
