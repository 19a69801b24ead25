/// The file formats that latents are read from and written to.
public enum LatentFileFormat: String, Sendable, CaseIterable {
  /// latent.bin, which keeps everything.
  case bin
  /// A NumPy array, f32 `[1, channels, height, width]`.
  case npy

  /// The format that a file's name asks for, or nil if its extension is not one of theirs.
  public init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    self.init(rawValue: fileName[fileName.index(after: dot)...].lowercased())
  }

  /// The units of a file's values where it does not say: latent.bin does, and arrays hold what
  /// diffusers' `encode(...).latent_dist.mode()` gives.
  public var defaultConvention: Latent.Convention { .raw }
}

extension Latent {
  /// Whether `bytes` begin as a latent file of a known format does.
  public static func recognises(_ bytes: [UInt8]) -> Bool {
    SectionReader.recognises(bytes) || NumpyFile.recognises(bytes)
  }

  /// Checks that `bytes`, the first of a file, are those of a latent file of a known format.
  ///
  /// - Throws: `ContainerError.unknownFormat`.
  public static func checkBeginning(_ bytes: [UInt8]) throws {
    guard recognises(bytes) else {
      throw ContainerError.unknownFormat(firstBytes: Array(bytes.prefix(16)))
    }
  }

  /// The latent in `bytes`, whatever format they have: it is told by the content.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - convention: the units of the values where the format does not say; the format's own default
  ///     if nil. latent.bin says it.
  ///   - maximumPixelCount: a latent.bin of a larger picture is refused; the other formats do not say.
  /// - Throws: `ContainerError`, and `CodecError.tooManyPixels`.
  public init(
    decoding bytes: [UInt8], convention: Convention? = nil,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    if SectionReader.recognises(bytes) {
      self = try LatentReader.latent(in: bytes, maximumPixelCount: maximumPixelCount)
    } else if NumpyFile.recognises(bytes) {
      self = try NumpyFile.latent(
        in: bytes, convention: convention ?? LatentFileFormat.npy.defaultConvention)
    } else {
      throw ContainerError.unknownFormat(firstBytes: Array(bytes.prefix(16)))
    }
  }

  /// The bytes of an .npy file: f32 `[1, channels, height, width]`, packed where diffusion models have
  /// scaled latents so; the size of the picture, its alpha and its profile have no place there.
  ///
  /// - Parameter convention: the units to write.
  /// - Throws: `ContainerError.nonFinite`, `.cannotHold` for moments, and `CodecError.unknownScaling`
  ///   if the units must be changed and the scaling is not known, or `.unpackable`.
  public func numpyData(convention: Convention = .raw) throws -> [UInt8] {
    if let index = firstNonFiniteIndex { throw ContainerError.nonFinite(index: index) }
    guard logVariance == nil else { throw ContainerError.cannotHold("moments", format: ".npy") }
    let array = try converted(to: convention)
    return NumpyFile.bytes(
      of: array.values, channels: array.channels, height: array.height, width: array.width)
  }
}
