/// How latent files are read: what a file may leave open, and what is refused.
public struct LatentReading: Sendable {
  /// Which one of several latents, by its name or its number; may be nil where there is one.
  public var key: String?
  /// Channels, height and width of files of raw floats without a header; nil for files that say what
  /// they are.
  public var rawExtents: [Int]?
  /// The floats of such files; nil for those of 32 bits.
  public var rawPrecision: RawPrecision?
  /// The units of the values where a file does not state them; nil for what is customary.
  public var units: Latent.Units?
  /// How the numbers of an array make a latent, where it does not show it.
  public var arrangement: LatentArrangement
  /// A larger picture's latent is refused where the file has its size.
  public var maximumPixelCount: Int

  /// A reading; what is left out is as usual.
  public init(
    key: String? = nil, rawExtents: [Int]? = nil, rawPrecision: RawPrecision? = nil,
    units: Latent.Units? = nil, arrangement: LatentArrangement = LatentArrangement(),
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) {
    self.key = key
    self.rawExtents = rawExtents
    self.rawPrecision = rawPrecision
    self.units = units
    self.arrangement = arrangement
    self.maximumPixelCount = maximumPixelCount
  }

  /// The same for latents of so many channels, if that is known.
  func expecting(channels: Int?) -> LatentReading {
    var reading = self
    reading.arrangement.channels = channels
    return reading
  }

  /// Opens the file of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: the last component of its path.
  /// - Throws: `ContainerError` and `LatentError.tooManyPixels`.
  public func file(of bytes: [UInt8], name: String = "") throws -> LatentFile {
    var file =
      try rawExtents.map {
        try LatentFile(rawFloats: bytes, extents: $0, precision: rawPrecision)
      } ?? LatentFile(decoding: bytes, maximumPixelCount: maximumPixelCount)
    file.fileName = name
    return file
  }

  /// Reads the latent in the file at `path`, or on standard input for "-".
  ///
  /// - Throws: `FileError`, and `InputError` with a `ContainerError` or a `LatentError`.
  public func latent(at path: String) throws -> StoredLatent {
    try InputError.naming(path) { try latent(of: open(path)).0 }
  }

  /// Opens the file at `path`, or on standard input for "-".
  ///
  /// - Throws: `FileError`, `ContainerError` and `LatentError.tooManyPixels`.
  func open(_ path: String) throws -> OpenedLatentFile {
    let start = ContinuousClock.now
    let bytes =
      rawExtents == nil
      ? try InputFile.bytes(at: path, check: Latent.checkBeginning)
      : try InputFile.bytes(at: path)
    let file = try file(of: bytes, name: FileName(path).last)
    return OpenedLatentFile(
      file: file, byteCount: bytes.count, seconds: (ContinuousClock.now - start).seconds, key: key)
  }

  /// Opens the file of `item`: all its latents, each an item of its own, where all are taken and none was
  /// chosen.
  ///
  /// - Throws: as `open(_:)`.
  func open(
    _ item: Batch.Item, takingAll: Bool
  ) throws -> [BatchPart<OpenedLatentFile>] {
    let opened = try open(item.input)
    let entries = opened.file.entries
    guard key == nil, takingAll, entries.count > 1 else {
      return [BatchPart(item: item, opened: opened)]
    }
    return entries.enumerated().map { index, entry in
      BatchPart(
        item: item.numbered(index, of: entries.count, entry.key),
        opened: opened.choosing("\(index)"))
    }
  }

  /// Reads the latent that was chosen of an opened file.
  ///
  /// - Parameter check: called with what shows the latent's space before a value is read, where the file
  ///   does not state it.
  /// - Returns: the latent, and how long opening and reading it took.
  /// - Throws: `ContainerError`, `LatentError`, and what `check` throws.
  func latent(
    of opened: OpenedLatentFile, check: (SpaceEvidence) throws -> Void = { _ in }
  ) throws -> (StoredLatent, FileSeconds) {
    let start = ContinuousClock.now
    let file = opened.file
    let entry = try file.entry(opened.key)
    if let evidence = file.evidence(of: entry, arrangement) { try check(evidence) }
    let latent = try file.latent(key: opened.key, units: units, arrangement: arrangement)
    let isTokens = arrangement.isTokens(entry.extents)
    let stored = StoredLatent(
      latent: latent, byteCount: opened.byteCount / (opened.isWhole ? 1 : file.entries.count),
      assumedUnits: latent.logVariance == nil && !isTokens ? assumedUnits(of: file) : nil,
      assumesSquare: isTokens && arrangement.size == nil)
    var seconds = FileSeconds()
    seconds.read = opened.seconds + (ContinuousClock.now - start).seconds
    return (stored, seconds)
  }

  /// Reads the latent that was chosen of an opened file, as one of `space` if that is not nil.
  ///
  /// - Parameter overruling: takes it for one of `space` whatever the file says.
  /// - Throws: `ContainerError` and `LatentError`.
  func latent(
    of opened: OpenedLatentFile, in space: LatentSpace?, overruling: Bool
  ) throws -> (stored: StoredLatent, latent: Latent, seconds: FileSeconds) {
    let (stored, seconds) = try latent(of: opened) { evidence in
      try space.map { try evidence.check($0, overruled: overruling) }
    }
    let placed = try space.map { try stored.latent.placed(in: $0, overruling: overruling) }
    return (stored, placed ?? stored.latent, seconds)
  }

  private func assumedUnits(of file: LatentFile) -> Latent.Units? {
    // Formats of one program have its units; of the others, each program has its own.
    guard units == nil, !file.statesUnits, let usual = file.units,
      case .customary = file.format.units
    else { return nil }
    return usual
  }
}

/// A latent file that is in memory, and which of its latents is wanted.
struct OpenedLatentFile: Sendable {
  let file: LatentFile
  let byteCount: Int
  /// How long it took to open.
  let seconds: Double
  /// Which one; nil for the only one.
  var key: String?
  /// Whether the latent stands for the whole file.
  var isWhole = true

  /// The same file, of which `key` is wanted as one of all.
  func choosing(_ key: String) -> OpenedLatentFile {
    OpenedLatentFile(
      file: file, byteCount: byteCount, seconds: seconds / Double(file.entries.count), key: key,
      isWhole: false)
  }
}

/// A latent that was read from a file.
public struct StoredLatent: Sendable {
  /// The latent.
  public let latent: Latent
  /// Bytes of the file; of one of several latents that are all read, its share.
  public let byteCount: Int
  /// The units that were assumed because neither the file nor the caller says them; nil where that
  /// was not necessary.
  public let assumedUnits: Latent.Units?
  /// Whether tokens were taken for those of a square picture.
  public let assumesSquare: Bool
}
