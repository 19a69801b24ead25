/// How latents are written to files.
public struct LatentWriting: Sendable {
  /// The format; nil for the one that an output's name asks for.
  public var format: LatentFileFormat?
  /// The units to write; nil for those that are usual in the format.
  public var units: Latent.Units?
  /// How exactly a latent.bin keeps the values; nil for what is usual in the work that is done.
  public var quality: Quality?
  /// The architecture that a musubi-tuner cache names, such as "z_image".
  public var architecture: String?
  /// Whether an optimised latent is written to a format that cannot say that it is one.
  public var allowsOptimised: Bool

  /// A writing; what is left out is as usual.
  public init(
    format: LatentFileFormat? = nil, units: Latent.Units? = nil,
    quality: Quality? = nil, architecture: String? = nil, allowsOptimised: Bool = false
  ) {
    self.format = format
    self.units = units
    self.quality = quality
    self.architecture = architecture
    self.allowsOptimised = allowsOptimised
  }

  /// The format of the file at `output`: latent.bin on standard output or where nothing is written,
  /// unless `format` says otherwise.
  ///
  /// - Throws: `BatchError.unknownFormat`.
  public func format(of output: String?) throws -> LatentFileFormat {
    if let format { return format }
    guard let output, output != "-" else { return .bin }
    guard let format = LatentFileFormat(fileName: output) else {
      throw BatchError.unknownFormat(output: output)
    }
    return format
  }

  /// Writes a file of `latent`.
  ///
  /// - Parameters:
  ///   - usualQuality: how exactly a latent.bin keeps it unless `quality` says.
  ///   - output: the path, "-" for standard output; nil to write nothing.
  ///   - sink: takes the file.
  /// - Throws: `BatchError.unknownFormat`, `ContainerError`, `LatentError.unknownScaling` and
  ///   `FileError`.
  func write(
    _ latent: Latent, usualQuality: @autoclosure () -> Quality, to output: String?, replacing: Bool,
    _ sink: any OutputSink
  ) throws -> WrittenLatent {
    let (bytes, file) = try encoded(latent, usualQuality: usualQuality(), for: output)
    if let output { try sink.write(bytes, to: output, replacing: replacing) }
    return file
  }

  /// The bytes of a file of `latent`, and what the file is.
  ///
  /// - Parameters: as of `write`.
  /// - Throws: `BatchError.unknownFormat`, `ContainerError` and `LatentError.unknownScaling`.
  func encoded(
    _ latent: Latent, usualQuality: @autoclosure () -> Quality, for output: String?
  ) throws -> (bytes: [UInt8], file: WrittenLatent) {
    let format = try format(of: output)
    let quality = format.hasQuality ? quality ?? usualQuality() : nil
    let options = LatentFileOptions(
      units: units, quality: quality ?? .standard, architecture: architecture,
      allowsOptimised: allowsOptimised)
    let bytes = try latent.encoded(as: format, options)
    return (bytes, WrittenLatent(format: format, quality: quality, byteCount: bytes.count))
  }
}

/// The file of a latent.
public struct WrittenLatent: Sendable {
  /// The format.
  public let format: LatentFileFormat
  /// How exactly a latent.bin keeps the values; nil for the other formats, which have one way only.
  public let quality: Quality?
  /// Bytes of the file.
  public let byteCount: Int
}
