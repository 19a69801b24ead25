/// How latent files are read: what a file may leave open, and what is refused.
public struct LatentReading: Sendable {
  /// Which one of several latents; may be nil where there is one.
  public var key: String?
  /// Channels, height and width of files of raw 32-bit floats without a header; nil for files that
  /// say what they are.
  public var rawExtents: [Int]?
  /// The units of the values where a file does not state them; nil for what is customary.
  public var units: Latent.Units?
  /// A larger picture's latent is refused where the file has its size.
  public var maximumPixelCount: Int

  public init(
    key: String? = nil, rawExtents: [Int]? = nil, units: Latent.Units? = nil,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) {
    self.key = key
    self.rawExtents = rawExtents
    self.units = units
    self.maximumPixelCount = maximumPixelCount
  }

  /// Opens the file of `bytes`.
  ///
  /// - Throws: `ContainerError` and `LatentError.tooManyPixels`.
  public func file(of bytes: [UInt8]) throws -> LatentFile {
    if let rawExtents { return try LatentFile(rawFloats: bytes, extents: rawExtents) }
    return try LatentFile(decoding: bytes, maximumPixelCount: maximumPixelCount)
  }

  /// Reads the latent in the file at `path`, or on standard input for "-".
  ///
  /// - Throws: `FileError`, and `InputError` with a `ContainerError` or `LatentError.tooManyPixels`.
  public func latent(at path: String) throws -> StoredLatent {
    try InputError.naming(path) {
      let bytes =
        rawExtents == nil
        ? try InputFile.bytes(at: path, check: Latent.checkBeginning)
        : try InputFile.bytes(at: path)
      let file = try file(of: bytes)
      let latent = try file.latent(key: key, units: units)
      return StoredLatent(
        latent: latent, byteCount: bytes.count, assumedUnits: assumedUnits(of: file))
    }
  }

  private func assumedUnits(of file: LatentFile) -> Latent.Units? {
    // Formats of one program have its units; of the others, each program has its own.
    guard units == nil, !file.statesUnits, let usual = file.units,
      case .customary = file.format.units
    else { return nil }
    return usual
  }
}

/// A latent that was read from a file.
public struct StoredLatent: Sendable {
  public let latent: Latent
  /// Bytes of the file.
  public let byteCount: Int
  /// The units that were assumed because neither the file nor the caller says them; nil where that
  /// was not necessary.
  public let assumedUnits: Latent.Units?
}
