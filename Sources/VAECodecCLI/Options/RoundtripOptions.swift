import VAECodec

/// What `vaecodec roundtrip` was asked for.
struct RoundtripOptions {
  let batch: Batch
  let settings: RoundTripSettings
  let bounds: QualityBounds
  let meanBounds: MeanBounds
  let page: PageOptions
  let style: ReportStyle
  let model: ModelOptions

  static let specs =
    [
      CommonOptions.output, PageOptions.report, CommonOptions.force, CommonOptions.jpegQuality,
      CommonOptions.quality,
      CommonOptions.lossless, CommonOptions.seed, CommonOptions.matte,
    ] + DatasetOptions.inputSpecs + RefinementOptions.specs + QualityBoundOptions.specs + [
      CommonOptions.junit
    ]
    + ModelOptions.specs

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    let output = try PictureOutputOptions(arguments)
    batch = try BatchOptions.batch(
      arguments, of: .pictures, fileExtension: output.fileExtension,
      unlessNamed: .nowhere,
      isOutput: { (try? PictureWriting().format(of: $0)) != nil })
    try output.check(batch.items.compactMap(\.output))
    page = try PageOptions(arguments, batch)
    try ResultFile.check(arguments, batch)
    bounds = try QualityBoundOptions.bounds(arguments)
    meanBounds = try QualityBoundOptions.meanBounds(arguments)
    let (seed, refinement) = (
      try arguments.seed(), try RefinementOptions.refinement(arguments)
    )
    guard seed == nil || refinement == nil else {
      throw UsageError.conflict(RefinementOptions.spelling, CommonOptions.seed.spelling)
    }
    settings = RoundTripSettings(
      sampleSeed: seed, refinement: refinement,
      quality: try arguments.latentQuality() ?? .standard,
      matte: try arguments.matte(), writing: output.writing,
      maximumPixelCount: try arguments.maximumPixelCount())
    style = try ReportStyle(arguments)
    model = try ModelOptions(arguments)
  }
}
