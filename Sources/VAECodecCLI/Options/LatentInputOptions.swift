import VAECodec

/// How a command reads latent files.
struct LatentInputOptions {
  let reading: LatentReading
  /// What notes call the option that says the units of the values.
  let unitsOption: @Sendable (Latent.Units) -> String

  private static let key = OptionSpec(
    "key", placeholder: "NAME", help: "which latent of a file that holds several")
  private static let shape = OptionSpec(
    "shape", placeholder: "CxHxW",
    help: "the input is raw 32-bit floats without a header, of this shape, such as 4x64x64")

  /// The options that say what a file cannot.
  static let specs = [key, shape]

  /// Reads as `arguments` say.
  ///
  /// - Parameters:
  ///   - units: the units of files that do not state them.
  ///   - unitsOption: what notes call the option that says them.
  /// - Throws: `UsageError`.
  init(
    _ arguments: ParsedArguments, units: Latent.Units?,
    unitsOption: @escaping @Sendable (Latent.Units) -> String = {
      ($0 == .raw ? CommonOptions.unscaled : CommonOptions.scaled).spelling
    }
  ) throws {
    self.unitsOption = unitsOption
    let maximumPixelCount = try arguments.maximumPixelCount()
    reading = LatentReading(
      key: arguments.string(Self.key), rawExtents: try Self.extents(arguments),
      units: units, maximumPixelCount: maximumPixelCount)
  }

  private static func extents(_ arguments: ParsedArguments) throws -> [Int]? {
    try arguments.string(shape).map { text in
      let extents = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard extents.count == 3, extents.allSatisfy({ ($0 ?? 0) > 0 }) else {
        throw UsageError.invalidValue(
          option: shape.spelling, found: text,
          expected: .form("channels, height and width, such as 4x64x64"))
      }
      return extents.compactMap { $0 }
    }
  }
}
