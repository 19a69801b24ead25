import VAECodec

/// What `vaecodec compare` was asked for.
struct CompareOptions {
  let reference: String
  let picture: String
  let bounds: QualityBounds
  let maximumPixelCount: Int
  let style: ReportStyle

  static let specs =
    QualityBoundOptions.specs
    + [CommonOptions.maxPixels, CommonOptions.json, CommonOptions.quiet]

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    (reference, picture) = (arguments.operands[0], arguments.operands[1])
    bounds = try QualityBoundOptions.bounds(arguments)
    maximumPixelCount = try arguments.maximumPixelCount()
    style = try ReportStyle(arguments)
  }
}
