import VAECodec

/// How a command reads latent files.
struct LatentInputOptions {
  let reading: LatentReading
  /// What notes call the option that says the units of the values.
  let unitsOption: @Sendable (Latent.Units) -> String

  private static let key = OptionSpec(
    "key", placeholder: "NAME",
    help: "which latent of a file that holds several: its name, or its number from 0 on")
  private static let shape = OptionSpec(
    "shape", placeholder: "CxHxW",
    help: "read raw floats without a header, of this shape, such as 4x64x64")
  private static let precision = OptionSpec(
    "dtype", placeholder: "TYPE", value: .words(of: RawPrecision.self),
    help: "the floats that --shape reads: "
      + RawPrecision.allCases.map(\.rawValue).joined(separator: ", ") + "; f32 unless given")
  private static let layout = OptionSpec(
    "layout", placeholder: "NAME", value: .words(of: Latent.MomentsLayout.self),
    help: "what an array of twice the channels holds: means, then deviations (mean-std) or "
      + "log-variances (mean-logvar)"
  )
  private static let size = OptionSpec(
    "size", placeholder: "WxH",
    help: "the picture's size, for packed tokens as FLUX pipelines give them; a square unless given"
  )

  /// The options that say what a file cannot.
  static let specs = [key, shape, precision, layout, size]

  /// Reads as `arguments` say.
  ///
  /// - Parameters:
  ///   - units: the units of files that do not state them.
  ///   - unitsOption: what notes call the option that says them.
  ///   - pictureSize: the size of the picture as it was written.
  /// - Throws: `UsageError`.
  init(
    _ arguments: ParsedArguments, units: Latent.Units?,
    unitsOption: @escaping @Sendable (Latent.Units) -> String = {
      ($0 == .raw ? CommonOptions.unscaled : CommonOptions.scaled).spelling
    },
    pictureSize: (ParsedArguments) -> String? = { $0.string(Self.size) }
  ) throws {
    self.unitsOption = unitsOption
    let maximumPixelCount = try arguments.maximumPixelCount()
    let extents = try Self.numbers(
      arguments.string(Self.shape), of: Self.shape, 3, "channels, height and width, such as 4x64x64"
    )
    let precision = try arguments.choice(Self.precision, of: RawPrecision.self)
    if extents == nil, precision != nil {
      throw UsageError.missingOption(
        command: Self.precision.spelling, option: Self.shape.spelling)
    }
    reading = LatentReading(
      key: arguments.string(Self.key), rawExtents: extents, rawPrecision: precision, units: units,
      arrangement: LatentArrangement(
        layout: try arguments.choice(Self.layout, of: Latent.MomentsLayout.self),
        size: try Self.numbers(
          pictureSize(arguments), of: Self.size, 2, "width and height in pixels, such as 1024x768")),
      maximumPixelCount: maximumPixelCount)
  }

  /// As many numbers above 0 as `count`, with an x between them; nil without the option.
  static func numbers(
    _ text: String?, of option: OptionSpec, _ count: Int, _ form: String
  ) throws -> [Int]? {
    try text.map { text in
      let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == count, numbers.allSatisfy({ ($0 ?? 0) > 0 }) else {
        throw UsageError.invalidValue(
          option: option.spelling, found: text, expected: .form(form))
      }
      return numbers.compactMap { $0 }
    }
  }
}
