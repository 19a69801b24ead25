/// A latent file that was opened: which latents it holds and what it says of them.
///
/// A file may hold several: a cache of one picture at several resolutions, or a batch.
public struct LatentFile: Sendable {
  /// One of the latents of a file.
  public struct Entry: Sendable, Equatable {
    /// What `--key` calls it; empty where the file holds one latent without a name.
    public let key: String
    /// Channels, height and width.
    public let extents: [Int]
    /// The element type as the file spells it; nil where values are coded.
    public let elementType: String?
    /// Its place in the batch.
    let index: Int
  }

  /// How the units of the values are known.
  public enum Units: Sendable, Equatable {
    /// The file states them.
    case stated(Latent.Convention)
    /// The file does not tell, and these are what files of its format hold.
    case customary(Latent.Convention)
    /// The file does not tell, and files of its format differ.
    case unstated
  }

  /// The format.
  public let format: LatentFileFormat
  /// The program and the generation of the format, where that is known.
  public let dialect: String?
  /// How the units are known.
  public let units: Units
  /// How exactly a latent.bin keeps the values; nil for other formats.
  public let quality: Quality?
  /// The latents, at least one.
  public let entries: [Entry]
  private let read: @Sendable (Entry, Latent.Convention) throws -> Latent

  /// An opened file.
  ///
  /// - Parameter read: makes the latent of an entry, in units that the caller settled.
  init(
    format: LatentFileFormat, dialect: String?, units: Units, quality: Quality? = nil,
    entries: [Entry],
    read: @escaping @Sendable (Entry, Latent.Convention) throws -> Latent
  ) {
    precondition(!entries.isEmpty, "a latent file without a latent")
    self.format = format
    self.dialect = dialect
    self.units = units
    self.quality = quality
    self.entries = entries
    self.read = read
  }

  /// Opens a file, whatever its format: that is told by the content.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - maximumPixelCount: a latent of a larger picture is refused, of 8x8 pixels a position where
  ///     the file does not tell.
  /// - Throws: `ContainerError`, and `CodecError.tooManyPixels`.
  public init(
    decoding bytes: [UInt8], maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    guard let coding = LatentFileFormat.recognised(bytes) else {
      throw ContainerError.unknownFormat(firstBytes: Array(bytes.prefix(16)))
    }
    self = try coding.file(of: bytes, maximumPixelCount: maximumPixelCount)
    if format != .bin { try checkSizes(maximumPixelCount) }
  }

  /// Checks the sizes of the latents before one is read.
  private func checkSizes(_ maximumPixelCount: Int) throws {
    let factor = KohyaFile.spatialFactor
    for entry in entries {
      let (channels, height, width) = (entry.extents[0], entry.extents[1], entry.extents[2])
      guard channels <= LatentFormat.maximumChannels else {
        throw ContainerError.tooManyChannels(channels)
      }
      let (positions, overflow) = height.multipliedReportingOverflow(by: width)
      guard !overflow, positions <= maximumPixelCount / (factor * factor) else {
        throw CodecError.tooManyPixels(
          width: width &* factor, height: height &* factor, maximum: maximumPixelCount)
      }
    }
  }

  /// Opens a file of raw floats, of which the shape must be known.
  ///
  /// - Parameters:
  ///   - bytes: the whole file: little-endian f32 `[channels, height, width]`.
  ///   - extents: channels, height and width.
  /// - Throws: `ContainerError.malformed` if the file has another size.
  public init(rawFloats bytes: [UInt8], extents: [Int]) throws {
    self = try RawFile.file(of: bytes, extents: extents)
  }

  /// One of the file's latents.
  ///
  /// - Parameters:
  ///   - key: which one; may be nil where there is one.
  ///   - convention: the units of the values where the file does not state them; what is customary if
  ///     nil.
  /// - Throws: `ContainerError`: `.severalLatents` and `.noSuchLatent` for the key, `.statedUnits` for
  ///   units that the file contradicts, `.unsettledUnits` where they must be given.
  public func latent(key: String? = nil, convention: Latent.Convention? = nil) throws -> Latent {
    let resolved: Latent.Convention
    switch (units, convention) {
    case (.stated(let own), let asked):
      guard asked ?? own == own else { throw ContainerError.statedUnits(own.name) }
      resolved = own
    case (.customary(let usual), let asked): resolved = asked ?? usual
    case (.unstated, let asked):
      guard let asked else { throw ContainerError.unsettledUnits(format: format.name) }
      resolved = asked
    }
    return try read(entry(key), resolved)
  }

  /// The entry of `key`, or the only one if that is nil.
  ///
  /// - Throws: `ContainerError.severalLatents` and `.noSuchLatent`.
  public func entry(_ key: String?) throws -> Entry {
    guard let key else {
      guard entries.count == 1 else { throw ContainerError.severalLatents(keys) }
      return entries[0]
    }
    guard let entry = entries.first(where: { $0.key == key }) else {
      throw ContainerError.noSuchLatent(key, keys: keys)
    }
    return entry
  }

  private var keys: [String] { entries.map(\.key) }
}

extension LatentFile.Entry {
  /// Each takes memory before it is asked for.
  private static let maximumBatchCount = 1 << 16

  /// The latents of an array: one called `key`, or those of a batch called `key[0]` and so on.
  ///
  /// - Throws: `ContainerError.malformed` if the array holds no latents.
  static func entries(of array: StoredArray, key: String) throws -> [Self] {
    let layout = try array.latentLayout()
    guard layout.count <= maximumBatchCount else {
      throw array.malformed(
        "a batch of \(layout.count) latents, expected \(maximumBatchCount) at most")
    }
    return (0..<layout.count).map { index in
      Self(
        key: layout.count == 1 ? key : "\(key)[\(index)]",
        extents: [layout.channels, layout.height, layout.width], elementType: array.elementName,
        index: index)
    }
  }

  /// The values of the entry in `array`, which it was made of.
  ///
  /// - Throws: `ContainerError.nonFinite`.
  func values(of array: StoredArray) throws -> [Float] {
    let count = extents.reduce(1, *)
    return try array.floats(index * count..<(index + 1) * count)
  }

  /// A latent of the entry's values of which nothing else is known.
  ///
  /// - Throws: `ContainerError.nonFinite`.
  func latent(of array: StoredArray, convention: Latent.Convention) throws -> Latent {
    Latent(
      channels: extents[0], height: extents[1], width: extents[2],
      values: try values(of: array), convention: convention, posterior: .unknown)
  }
}

extension Latent {
  /// Whether `bytes`, the first of a file, are those of a latent file of a known format.
  public static func recognises(_ bytes: [UInt8]) -> Bool {
    LatentFileFormat.recognised(bytes) != nil
  }

  /// Checks that `bytes`, the first of a file, are those of a latent file of a known format.
  ///
  /// - Throws: `ContainerError.unknownFormat`.
  public static func checkBeginning(_ bytes: [UInt8]) throws {
    guard recognises(bytes) else {
      throw ContainerError.unknownFormat(firstBytes: Array(bytes.prefix(16)))
    }
  }

  /// The latent in `bytes`, whatever format they have.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - key: which one of several.
  ///   - convention: the units of the values where the file does not state them.
  ///   - maximumPixelCount: a larger picture's is refused where the file tells its size.
  /// - Throws: `ContainerError`, and `CodecError.tooManyPixels`.
  /// - SeeAlso: `LatentFile`, which tells what a file holds.
  public init(
    decoding bytes: [UInt8], key: String? = nil, convention: Convention? = nil,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    self = try LatentFile(decoding: bytes, maximumPixelCount: maximumPixelCount)
      .latent(key: key, convention: convention)
  }
}
