/// A file format for latents: what is true of it and how it is written.
///
/// `LatentFileFormat` lists the formats; a new one is a type of this protocol and a line there. Those
/// whose files are told by their first bytes read them as `RecognizableLatentFile`; the others are found
/// from one of these, or by their shape.
protocol LatentFileCoding {
  /// What is true of all files of the format.
  static var traits: LatentFileTraits { get }

  /// The bytes of a file of `latent`, whose values are finite and in the units that are to be written.
  ///
  /// - Throws: `ContainerError`.
  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8]
}

/// A file format that is told by the first bytes of its files.
protocol RecognizableLatentFile: LatentFileCoding {
  /// Whether a file that begins with `beginning`, its first 64 bytes or all it has, may be of the format.
  static func recognises(_ beginning: [UInt8]) -> Bool

  /// The latents in a file that `recognises` does not refuse.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - maximumPixelCount: a latent of a larger picture may be refused before memory is taken for it.
  /// - Throws: `ContainerError` and `CodecError.tooManyPixels`.
  static func file(of bytes: [UInt8], maximumPixelCount: Int) throws -> LatentFile
}

/// What is true of all files of a format.
struct LatentFileTraits: Sendable {
  /// What messages call a file of the format.
  let name: String
  /// The units of the values that are written.
  let units: LatentFileFormat.Units
  /// Whether mean and log-variance have a place in it.
  var holdsMoments = false
  /// What it keeps beside the values.
  let keeps: Set<LatentPart>
}

/// What a latent may hold beside its values and not every format keeps; the raw values are what notes
/// call them.
enum LatentPart: String, CaseIterable {
  case size = "the picture's size"
  case alpha = "the alpha plane"
  case matte = "the matte"
  case profile = "the colour profile"
  case flipped = "the flipped latent"
  case mask = "the mask"
}

/// What the writer of a latent file must be told beside the latent.
public struct LatentFileOptions: Sendable {
  /// The units to write; nil for those that are usual in the format.
  public var convention: Latent.Convention?
  /// How exactly a latent.bin keeps the values.
  public var quality: Quality
  /// The architecture that a musubi-tuner cache names, such as "z_image".
  public var architecture: String?

  /// Options for a writer.
  public init(
    convention: Latent.Convention? = nil, quality: Quality = .standard,
    architecture: String? = nil
  ) {
    self.convention = convention
    self.quality = quality
    self.architecture = architecture
  }
}
