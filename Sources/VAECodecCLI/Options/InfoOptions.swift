import VAECodec

/// What `vaecodec info` was asked for.
struct InfoOptions {
  /// What is asked about; nil for the machine.
  let file: String?
  /// The family of a model whose files do not say it.
  let family: LatentFamily?
  /// The groups of the norms of a model whose files do not say them.
  let groups: Int?
  let reading: LatentReading
  let style: ReportStyle

  static let specs =
    [CommonOptions.family, CommonOptions.groups] + LatentInputOptions.specs
    + [CommonOptions.maxPixels, CommonOptions.json]

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    file = arguments.operands.first
    family = try arguments.choice(CommonOptions.family, of: LatentFamily.self)
    groups = try arguments.groups()
    reading = try LatentInputOptions(arguments, units: nil).reading
    style = try ReportStyle(arguments)
  }
}
