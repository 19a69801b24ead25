import VAECodec

/// Reads latent files as the options of a command say.
struct LatentInput {
  private static let key = OptionSpec(
    "key", placeholder: "NAME", help: "which latent of a file that holds several")
  private static let shape = OptionSpec(
    "shape", placeholder: "CxHxW",
    help: "the input is raw 32-bit floats without a header, of this shape, such as 4x64x64")

  /// The options that say what a file cannot.
  static let options = [key, shape]

  private let key: String?
  private let extents: [Int]?
  private let convention: Latent.Units?
  private let unitsOption: (Latent.Units) -> String
  private let maximumPixelCount: Int

  /// Reads as `arguments` say.
  ///
  /// - Parameters:
  ///   - convention: the units of files that do not state them.
  ///   - unitsOption: what notes call the option that says them.
  /// - Throws: `UsageError`.
  init(
    _ arguments: ParsedArguments, convention: Latent.Units?,
    unitsOption: @escaping (Latent.Units) -> String = {
      ($0 == .raw ? CommonOptions.unscaled : CommonOptions.scaled).spelling
    }
  ) throws {
    key = arguments.string(Self.key)
    self.convention = convention
    self.unitsOption = unitsOption
    maximumPixelCount = try arguments.maximumPixelCount()
    extents = try arguments.string(Self.shape).map { text in
      let extents = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard extents.count == 3, extents.allSatisfy({ ($0 ?? 0) > 0 }) else {
        throw UsageError.invalidValue(
          option: Self.shape.spelling, found: text,
          expected: .form("channels, height and width, such as 4x64x64"))
      }
      return extents.compactMap { $0 }
    }
  }

  /// Whether the input has no header to be told by.
  var isRaw: Bool { extents != nil }

  /// The bytes of the file at `path`, or of standard input for "-".
  ///
  /// - Throws: `FileError` and `ContainerError.unknownFormat`.
  func bytes(at path: String) throws -> [UInt8] {
    guard !isRaw else { return try InputFile.bytes(at: path) }
    return try InputFile.bytes(at: path, check: Latent.checkBeginning)
  }

  /// The file of `bytes`, opened.
  ///
  /// - Throws: `ContainerError` and `LatentError.tooManyPixels`.
  func file(of bytes: [UInt8]) throws -> LatentFile {
    if let extents { return try LatentFile(rawFloats: bytes, extents: extents) }
    return try LatentFile(decoding: bytes, maximumPixelCount: maximumPixelCount)
  }

  /// Whether the options choose one of the latents of `file`, or it holds just one.
  func chooses(of file: LatentFile) -> Bool { key != nil || file.entries.count == 1 }

  /// What `file` says of the latent that the options choose.
  ///
  /// - Throws: `ContainerError`.
  func entry(of file: LatentFile) throws -> LatentFile.Entry { try file.entry(key) }

  /// The latent of `file` that the options choose, for a description: where nobody can tell its units,
  /// they are left as if raw.
  ///
  /// - Throws: `ContainerError`.
  func described(of file: LatentFile) throws -> Latent {
    try file.latent(key: key, units: file.units == nil ? .raw : nil)
  }

  /// A latent, and what was assumed of it.
  struct Reading {
    let latent: Latent
    /// Each assumption in a sentence.
    let notes: [String]
  }

  /// The latent that the options choose of the file of `bytes`.
  ///
  /// - Throws: `ContainerError` and `LatentError.tooManyPixels`.
  func reading(of bytes: [UInt8]) throws -> Reading {
    let file = try file(of: bytes)
    let latent = try file.latent(key: key, units: convention)
    // Formats of one program have its units; of the others, each program has its own.
    guard convention == nil, !file.statesUnits, let usual = file.units,
      case .customary = file.format.units
    else { return Reading(latent: latent, notes: []) }
    let other: Latent.Units = usual == .raw ? .scaled : .raw
    return Reading(
      latent: latent,
      notes: [
        "nothing tells the units of its values; taken for \(usual.rawValue), "
          + "\(unitsOption(other)) says otherwise"
      ])
  }
}
