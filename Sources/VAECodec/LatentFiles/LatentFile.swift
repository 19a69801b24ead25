import VAE

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
    /// What the array is called.
    var name = ""
    /// Whether it has an axis of frames, as latents of video models do.
    var hasFrames = false
    /// How its channels hold a distribution; nil where nothing says that they do.
    var momentsLayout: Latent.MomentsLayout?
  }

  /// The format, as its content shows.
  public let format: LatentFileFormat
  /// The program and the generation of the format, where that is known.
  public let dialect: String?
  /// The units of the values: those that the file states, or those that files of its kind usually have;
  /// nil where such files differ.
  public let units: Latent.Units?
  /// Whether the file itself states the units, so that nothing else may be said.
  public let statesUnits: Bool
  /// How exactly a latent.bin keeps the values; nil for other formats.
  public let quality: Quality?
  /// The latents, at least one.
  public let entries: [Entry]
  /// The last component of the file's path, which may say what the file does not; empty where it has none.
  public var fileName = ""
  /// What the file says of the space of latents that do not state it themselves, the surest first.
  let claims: [SpaceClaim]
  /// Whether the latents state their space themselves.
  let statesSpace: Bool
  private let read: @Sendable (Entry, Latent.Units) throws -> Latent

  /// An opened file.
  ///
  /// - Parameter read: makes the latent of an entry, whose values are in the units that it gets.
  init(
    format: LatentFileFormat, dialect: String?, units: Latent.Units?, statesUnits: Bool = false,
    quality: Quality? = nil, claims: [SpaceClaim] = [], statesSpace: Bool = false,
    entries: [Entry],
    read: @escaping @Sendable (Entry, Latent.Units) throws -> Latent
  ) {
    precondition(!entries.isEmpty, "a latent file without a latent")
    self.format = format
    self.dialect = dialect
    self.units = units
    self.statesUnits = statesUnits
    self.quality = quality
    self.claims = claims
    self.statesSpace = statesSpace
    self.entries = entries
    self.read = read
  }

  /// Opens a file, whatever its format: the content decides.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - maximumPixelCount: a latent of a larger picture is refused, of 8x8 pixels a position where
  ///     the file does not say.
  ///   - formats: those that are looked for.
  /// - Throws: `ContainerError`, and `LatentError.tooManyPixels`.
  public init(
    decoding bytes: [UInt8], maximumPixelCount: Int = Image.defaultMaximumPixelCount,
    among formats: [LatentFileFormat] = LatentFileFormat.all
  ) throws {
    guard let coding = Self.coding(of: bytes, among: formats) else {
      throw ContainerError(unknownFile: bytes)
    }
    self = try coding.file(of: bytes, maximumPixelCount: maximumPixelCount, among: formats)
    if !format.coding.traits.namesSpatialFactor { try checkSizes(maximumPixelCount) }
  }

  /// What reads a file by its first bytes; nil if it is of no format. Raw floats look like nothing.
  static func coding(
    of bytes: [UInt8], among formats: [LatentFileFormat]
  ) -> (any RecognizableLatentFile.Type)? {
    formats.lazy.compactMap { $0.coding as? any RecognizableLatentFile.Type }
      .first { $0.recognises(bytes) }
  }

  /// Checks the sizes of the latents before one is read.
  private func checkSizes(_ maximumPixelCount: Int) throws {
    let factor = KohyaFile.spatialFactor
    for entry in entries {
      let (channels, height, width) = (entry.extents[0], entry.extents[1], entry.extents[2])
      guard channels <= LatentFormat.maximumChannels else {
        throw ContainerError.tooManyChannels(channels)
      }
      let isTokens = Latent.areTokens(entry.extents)
      let sides = isTokens ? [height, 4] : [height, width]
      guard let positions = Int(product: sides),
        positions <= maximumPixelCount / (factor * factor)
      else {
        throw LatentError.tooManyPixels(
          width: width &* factor, height: height &* factor, maximum: maximumPixelCount)
      }
    }
  }

  /// Opens a file of raw floats, of which the shape must be known.
  ///
  /// - Parameters:
  ///   - bytes: the whole file: little-endian floats `[channels, height, width]`.
  ///   - extents: channels, height and width.
  ///   - precision: of the floats; nil for those of 32 bits, as which no others are taken.
  /// - Throws: `ContainerError.malformed` if the file has another size.
  public init(
    rawFloats bytes: [UInt8], extents: [Int], precision: RawPrecision? = nil
  ) throws {
    self = try RawFile.file(of: bytes, extents: extents, precision: precision)
  }

  /// One of the file's latents.
  ///
  /// - Parameters:
  ///   - key: which one; may be nil where there is one.
  ///   - units: the units of the values where the file does not state them; the usual ones if nil.
  ///   - arrangement: how its numbers make a latent, where an array does not show it.
  /// - Throws: `ContainerError`: `.severalLatents` and `.noSuchLatent` for the key, `.statedUnits` for
  ///   units that the file contradicts, `.unsettledUnits` where they must be given; `LatentError` for
  ///   numbers that cannot be arranged so.
  public func latent(
    key: String? = nil, units: Latent.Units? = nil,
    arrangement: LatentArrangement = LatentArrangement()
  ) throws -> Latent {
    let entry = try entry(key)
    // Those of a pipeline are scaled.
    let isTokens = arrangement.isTokens(entry.extents)
    let own = isTokens ? .scaled : self.units
    let isStated = statesUnits || isTokens
    guard let resolved = isStated ? own : units ?? own else {
      throw ContainerError.unsettledUnits(format: format.name)
    }
    guard !isStated || units ?? resolved == resolved else {
      throw ContainerError.statedUnits(resolved.rawValue)
    }
    var latent = try arrangement.arranged(read(entry, resolved), of: entry, fileName: fileName)
    if latent.space == nil, let evidence = evidence(of: entry, arrangement),
      let placed = try? latent.placed(in: evidence.space)
    {
      latent = placed
      latent.spaceEvidence = evidence
    }
    return latent
  }

  /// The entry of `key`, its name or its number from 0 on; or the only one if that is nil.
  ///
  /// - Throws: `ContainerError.severalLatents` and `.noSuchLatent`.
  public func entry(_ key: String?) throws -> Entry {
    guard let key else {
      guard entries.count == 1 else { throw ContainerError.severalLatents(keys) }
      return entries[0]
    }
    if let entry = entries.first(where: { $0.key == key }) { return entry }
    guard let number = Int(key), entries.indices.contains(number) else {
      throw ContainerError.noSuchLatent(key, keys: keys)
    }
    return entries[number]
  }

  private var keys: [String] { entries.map(\.key) }
}
