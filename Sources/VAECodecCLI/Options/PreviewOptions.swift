import VAECodec

/// What `vaecodec preview` was asked for.
struct PreviewOptions {
  let batch: Batch
  let settings: PreviewSettings
  let input: LatentInputOptions
  let style: ReportStyle

  static let specs =
    [CommonOptions.outputBeside, PictureOutputOptions.format, CommonOptions.jpegQuality]
    + LatentInputOptions.specs
    + [
      CommonOptions.latentFamily, CommonOptions.anySpace, CommonOptions.scaled,
      CommonOptions.unscaled,
      CommonOptions.force, CommonOptions.skipExisting,
      CommonOptions.maxPixels, CommonOptions.json, CommonOptions.quiet,
    ]

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    input = try LatentInputOptions(arguments, units: arguments.units())
    let family = try arguments.choice(CommonOptions.latentFamily, of: LatentFamily.self)
    let output = try PictureOutputOptions(arguments)
    batch = try BatchOptions.batch(
      arguments, fileExtension: output.fileExtension, unlessNamed: .beside,
      isOutput: { (try? PictureWriting().format(of: $0)) != nil })
    settings = PreviewSettings(
      reading: input.reading, space: family.map { LatentSpace($0) },
      overrulesSpace: arguments.has(CommonOptions.anySpace), writing: output.writing)
    style = try ReportStyle(arguments)
    try output.check(batch)
  }
}
