extension Latent {
  /// Whether `bytes`, the first of a file, are those of a latent file of a known format.
  ///
  /// - Parameters:
  ///   - bytes: the file, or 512 bytes of its beginning at least. Formats that are safetensors files are
  ///     as one here: only their tensors show which they are, or that they are models.
  ///   - formats: those that are looked for.
  public static func recognises(
    _ bytes: [UInt8], among formats: [LatentFileFormat] = LatentFileFormat.all
  ) -> Bool {
    LatentFile.coding(of: bytes, among: formats) != nil
  }

  /// Checks that `bytes`, the first of a file, are those of a latent file of a known format.
  ///
  /// - Throws: `ContainerError.unknownFormat`.
  public static func checkBeginning(_ bytes: [UInt8]) throws {
    guard recognises(bytes) else { throw ContainerError(unknownFile: bytes) }
  }

  /// The latent in `bytes`, whatever format they have.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - key: which one of several.
  ///   - units: the units of the values where the file does not state them.
  ///   - maximumPixelCount: a larger picture's is refused where the file names its size.
  /// - Throws: `ContainerError` and `LatentError`.
  /// - SeeAlso: `LatentFile`, for what else a file holds.
  public init(
    decoding bytes: [UInt8], key: String? = nil, units: Units? = nil,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    self = try LatentFile(decoding: bytes, maximumPixelCount: maximumPixelCount)
      .latent(key: key, units: units)
  }

  /// The latent in the file at `path`, or on standard input for "-", whatever its format.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - key: which one of several latents.
  ///   - units: the units of the values where the file does not state them.
  ///   - maximumPixelCount: a larger picture's is refused where the file names its size.
  /// - Throws: `FileError`, and `InputError` with a `ContainerError` or a `LatentError`.
  public init(
    contentsOf path: String, key: String? = nil, units: Units? = nil,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    self = try InputError.naming(path) {
      var file = try LatentFile(
        decoding: InputFile.bytes(at: path, check: Latent.checkBeginning),
        maximumPixelCount: maximumPixelCount)
      file.fileName = FileName(path).last
      return try file.latent(key: key, units: units)
    }
  }
}
