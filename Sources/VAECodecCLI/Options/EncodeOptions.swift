import VAECodec

/// What `vaecodec encode` was asked for.
struct EncodeOptions {
  let batch: Batch
  let settings: EncodeSettings
  let isDryRun: Bool
  let style: ReportStyle
  let model: ModelOptions

  private static let posterior = OptionSpec(
    "posterior", placeholder: "KIND", value: .words(["mean", "sample", "moments"]),
    help:
      "what to keep: mean, sample (a random one, see --seed) or moments (mean and variance); "
      + "mean unless given")

  static let specs =
    [
      CommonOptions.outputBeside, posterior, CommonOptions.seed,
    ] + RefinementOptions.specs + [
      CommonOptions.scaled, CommonOptions.unscaled, CommonOptions.matte, CommonOptions.force,
      CommonOptions.skipExisting,
      CommonOptions.dryRun,
    ] + DatasetOptions.specs
    + LatentOutputOptions.specs(
      quality: CommonOptions.quality(
        usual: "75 unless given; moments lose nothing unless given")) + ModelOptions.specs

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    let output = try LatentOutputOptions(
      arguments, units: arguments.units(), unitsOptions: "--scaled or --unscaled")
    batch = try BatchOptions.batch(
      arguments, of: .pictures, fileExtension: output.fileExtension,
      unlessNamed: .beside,
      isOutput: { LatentFileFormat(fileName: $0) != nil })
    settings = EncodeSettings(
      posterior: try Self.posterior(arguments), matte: try arguments.matte(),
      writing: output.writing, maximumPixelCount: try arguments.maximumPixelCount())
    style = try ReportStyle(arguments)
    isDryRun = arguments.isDryRun
    try Self.check(batch, output, settings.posterior)
    model = try ModelOptions(arguments)
  }

  private static func posterior(_ arguments: ParsedArguments) throws -> Latent.Posterior {
    let choice = try arguments.choice(posterior, of: Latent.Posterior.Kind.self)
    let seed = try arguments.seed()
    if seed != nil, choice != .sample {
      throw UsageError.conflict(
        CommonOptions.seed.spelling, "--posterior \((choice ?? .mean).rawValue)")
    }
    let refinement = try RefinementOptions.refinement(arguments)
    switch choice {
    case .sample, .moments:
      guard refinement == nil else {
        throw UsageError.conflict(
          RefinementOptions.spelling, "--posterior \((choice ?? .mean).rawValue)")
      }
      return choice == .moments ? .moments : .sample(seed: seed ?? 0)
    case .mean, .optimised, nil: return refinement.map { .optimised($0) } ?? .mean
    }
  }

  private static func check(
    _ batch: Batch, _ output: LatentOutputOptions, _ posterior: Latent.Posterior
  ) throws {
    for path in batch.items.compactMap(\.output) {
      let format = try output.checkedFormat(of: path)
      if format.units == .stated, output.writing.units != nil {
        throw UsageError.conflict(
          "--scaled or --unscaled", "\(format.name), which states its units")
      }
      if posterior.refinement != nil { try output.checkOptimised(format) }
      if posterior == .moments, !format.holdsMoments {
        throw UsageError.conflict("--posterior moments", format.name)
      }
    }
  }
}
