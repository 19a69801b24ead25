/// A file format for latents: what is true of it and how it is written.
///
/// A format is a type of this protocol and a line in `LatentFileFormat.all`; nothing else knows it. How
/// its files are recognised is what the protocols below say; a format of neither is read where its name
/// is given, with the shape.
protocol LatentFileCoding: Sendable {
  /// What is true of all files of the format.
  static var traits: LatentFileTraits { get }

  /// The bytes of a file of `latent`, whose values are finite and in the units that are to be written.
  ///
  /// - Throws: `ContainerError`.
  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8]
}

/// A file format that is recognised by the first bytes of its files.
protocol RecognizableLatentFile: LatentFileCoding {
  /// Whether a file that begins with `beginning`, its first 512 bytes or all it has, may be of the format.
  static func recognises(_ beginning: [UInt8]) -> Bool

  /// The latents in a file that `recognises` does not refuse.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - maximumPixelCount: a latent of a larger picture may be refused before memory is taken for it.
  ///   - formats: all that are looked for, those that are dialects of this one among them.
  /// - Throws: `ContainerError` and `LatentError`.
  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among formats: [LatentFileFormat]
  ) throws -> LatentFile
}

/// A file format whose files are safetensors files, recognised by what their tensors are called.
protocol SafetensorsDialect: LatentFileCoding {
  /// Whether files of the format have a latent in the tensor of this name.
  static func isLatent(_ tensorName: String) -> Bool

  /// The latents of a safetensors file; nil if it is not of the format.
  ///
  /// - Throws: `ContainerError`.
  static func file(of contents: SafetensorsArrays) throws -> LatentFile?
}

/// What is true of all files of a format.
struct LatentFileTraits: Sendable {
  /// What `--format` calls the format.
  let identifier: String
  /// What messages call a file of the format.
  let name: String
  /// The extension of its files, without the dot.
  let fileExtension: String
  /// Whether a file name with that extension asks for the format.
  var isMeantByExtension = true
  /// Whether files of the format are written, and not read only.
  var isWritten = true
  /// The units of the values that are written, or that those who read are told of.
  let units: LatentFileFormat.UnitsRule
  /// Whether mean and log-variance have a place in it.
  var holdsMoments = false
  /// Whether its files say what the values are of the encoder's distribution, so that nobody takes an
  /// optimised latent for what an encoder made.
  var namesPosterior = false
  /// Whether a `Quality` says how exactly it keeps the values; else it holds 32-bit floats.
  var hasQuality = false
  /// Whether its files name a picture's size, so that the one that a latent covers is written where none
  /// is known.
  var namesSize = false
  /// Whether its files name the pixels that a value covers, by which their reader checks the picture's
  /// size; of others 8 a side are assumed.
  var namesSpatialFactor = false
  /// Whether its files name an architecture, which the options must say.
  var namesArchitecture = false
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

/// What a writer of latent files cannot know from the latent.
public struct LatentFileOptions: Sendable {
  /// The units to write; nil for those that are usual in the format.
  public var units: Latent.Units?
  /// How exactly a latent.bin keeps the values.
  public var quality: Quality
  /// The architecture that a musubi-tuner cache names, such as "z_image".
  public var architecture: String?
  /// Whether an optimised latent is written to a format that cannot say that it is one, such as a cache for
  /// training.
  public var allowsOptimised: Bool

  /// Options for a writer.
  public init(
    units: Latent.Units? = nil, quality: Quality = .standard, architecture: String? = nil,
    allowsOptimised: Bool = false
  ) {
    self.units = units
    self.quality = quality
    self.architecture = architecture
    self.allowsOptimised = allowsOptimised
  }
}
