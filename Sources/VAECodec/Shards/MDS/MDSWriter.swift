import VAE

/// Writes samples into shards as mosaicml-streaming does, byte for byte.
///
/// Shards are handed out as they are full; whoever takes them writes them to files, and the index after the last.
///
///     var writer = try MDSWriter(columns: [MDSColumn("latents", MDSEncoding("ndarray:float16:4,64,64"))])
///     for sample in samples {
///       if let file = try writer.append(sample) { try OutputFile.write(file.bytes, to: file.name) }
///     }
///     if let file = writer.finish() { try OutputFile.write(file.bytes, to: file.name) }
///     try OutputFile.write(writer.index.encoded(), to: MDSReader.indexName)
public struct MDSWriter: Sendable {
  /// A shard that is full.
  public struct File: Sendable, Equatable {
    /// The name that it has in its folder.
    public let name: String
    public let bytes: [UInt8]
    public let sampleCount: Int
  }

  /// The index of the shards that were handed out.
  public private(set) var index = MDSIndex()
  private let settings: MDSSettings
  /// The description of the columns, as it stands in every shard.
  private let description: [UInt8]
  private var samples: [[UInt8]] = []
  /// Bytes that a shard of `samples` has.
  private var byteCount: Int

  /// As many bytes as mosaicml-streaming puts into a shard.
  public static let defaultSizeLimit = 1 << 26
  private static let wordByteCount = 4

  /// A writer of samples that have `columns`.
  ///
  /// - Parameter sizeLimit: bytes that no shard of more than one sample goes beyond; nil puts all into one shard.
  /// - Throws: `ShardError.unreadColumn` for a column that is not written, and `.disagreement` for two of one name.
  /// - Precondition: `sizeLimit` is in 1..<4 GB.
  public init(columns: [MDSColumn], sizeLimit: Int? = defaultSizeLimit) throws {
    precondition(
      sizeLimit.map { 1...Int(UInt32.max) ~= $0 } ?? true,
      "a size limit of \(sizeLimit ?? 0) bytes is not in 1..<4 GB")
    for column in columns {
      if case .unread(let reason) = column.encoding.kind {
        throw ShardError.unreadColumn(column.name, encoding: column.encoding.name, reason: reason)
      }
    }
    let sorted = columns.sorted {
      $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars)
    }
    for (column, next) in zip(sorted, sorted.dropFirst())
    where column.name.utf8.elementsEqual(next.name.utf8) {
      throw ShardError.disagreement("two columns are called \(ShardError.quoted(next.name))")
    }
    settings = MDSSettings(columns: sorted, sizeLimit: sizeLimit)
    description = Array(PythonJSON.object(settings.members).description.utf8)
    byteCount = 2 * Self.wordByteCount + description.count
  }

  /// Appends a sample.
  ///
  /// - Parameter values: one for each column.
  /// - Returns: the shard before this sample, if it is full without it.
  /// - Throws: `ShardError.wrongValue`, and `.tooLong` for a shard that would reach 4 GB, before the sample is
  ///   taken.
  public mutating func append(_ values: [String: MDSValue]) throws -> File? {
    let sample = try encoded(values)
    let size = sample.count + Self.wordByteCount
    let isFull = settings.sizeLimit.map { byteCount + size > $0 } ?? false
    let file = isFull ? finish() : nil
    guard byteCount + size <= UInt32.max else {
      throw ShardError.tooLong(
        part: "shard", offset: 0, byteCount: byteCount + size, maximum: Int(UInt32.max))
    }
    samples.append(sample)
    byteCount += size
    return file
  }

  /// The shard of the samples that were not handed out; nil if there are none.
  public mutating func finish() -> File? {
    guard !samples.isEmpty else { return nil }
    var writer = ByteWriter()
    writer.write(UInt32(samples.count))
    var offset = Self.wordByteCount * (samples.count + 2) + description.count
    for sample in samples + [[]] {
      writer.write(UInt32(offset))
      offset += sample.count
    }
    writer.write(description)
    for sample in samples { writer.write(sample) }
    let number = "\(index.shards.count)"
    let name = "shard." + String(repeating: "0", count: max(0, 5 - number.count)) + number + ".mds"
    index.shards.append(
      MDSIndex.Entry(
        settings: settings, sampleCount: samples.count,
        raw: MDSIndex.File(basename: name, byteCount: writer.bytes.count, hashes: [:]), packed: nil)
    )
    defer {
      samples = []
      byteCount = 2 * Self.wordByteCount + description.count
    }
    return File(name: name, bytes: writer.bytes, sampleCount: samples.count)
  }

  /// The sizes of the values that have no fixed one, and the values.
  private func encoded(_ values: [String: MDSValue]) throws -> [UInt8] {
    guard values.count == settings.columns.count else {
      throw ShardError.disagreement(
        "a sample has \(values.count) values for \(settings.columns.count) columns")
    }
    var (sizes, data) = (ByteWriter(), ByteWriter())
    for column in settings.columns {
      let bytes = try values[column.name].flatMap {
        try column.encoding.bytes(of: $0, column: column.name)
      }
      guard let bytes, let byteCount = UInt32(exactly: bytes.count) else {
        throw ShardError.wrongValue(column: column.name, encoding: column.encoding.name)
      }
      if column.encoding.byteCount == nil { sizes.write(byteCount) }
      data.write(bytes)
    }
    return sizes.bytes + data.bytes
  }
}
