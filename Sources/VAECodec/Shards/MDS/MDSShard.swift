import VAE

/// A shard of samples as mosaicml-streaming writes it (MDS), believing none of its numbers.
///
/// The file begins with the count of samples and their offsets, one more than there are samples; a description of
/// the columns follows, and then the samples. Of a sample the sizes of the values come first, and then the values.
///
/// - SeeAlso: mosaicml/streaming `base/format/mds/writer.py`.
public struct MDSShard: Sendable {
  /// How many samples there are.
  public let sampleCount: Int
  let settings: MDSSettings
  private let source: any ByteSource

  /// Bytes of the shard.
  public var byteCount: Int { source.byteCount }

  /// Sorted by their names.
  public var columns: [MDSColumn] { settings.columns }

  /// The shard in `bytes`, which is not packed.
  ///
  /// - Throws: `ShardError`.
  public init(decoding bytes: [UInt8]) throws { try self.init(bytes) }

  /// The shard in the file at `path`, which is not packed.
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `ShardError`.
  public init(contentsOf path: String) throws {
    self = try InputError.naming(path) {
      do {
        return try MDSShard(MappedFile(path: path))
      } catch let error as UnreadableFile {
        throw FileError.unreadable(path: path, reason: error.reason)
      }
    }
  }

  init(_ source: some ByteSource) throws {
    self.source = source
    let (count, first) = try Self.table(of: source)
    let table = Self.wordByteCount * (count + 2)
    guard first >= table, first - table <= MDSSettings.maximumByteCount else {
      throw ShardError.malformed(
        part: Self.part, offset: Self.wordByteCount,
        reason: "its samples cannot begin at byte \(first)")
    }
    guard first <= source.byteCount else {
      throw ShardError.truncated(
        part: Self.part, offset: 0, needed: first, available: source.byteCount)
    }
    settings = try ShardJSON.decode(
      MDSSettings.self, from: source.bytes(in: table..<first), part: "the description of the shard",
      at: table)
    sampleCount = count
    try checkOffsets()
  }

  private static let wordByteCount = 4
  private static let part = "MDS shard"

  /// The count of samples and the offset of the first; the table of them is known to be there.
  private static func table(of source: some ByteSource) throws -> (count: Int, first: Int) {
    guard source.byteCount >= 2 * wordByteCount else {
      throw ShardError.truncated(
        part: part, offset: 0, needed: 2 * wordByteCount, available: source.byteCount)
    }
    let words = words(of: source, at: 0, count: 2)
    let needed = wordByteCount * (words[0] + 2)
    guard source.byteCount >= needed else {
      throw ShardError.truncated(
        part: part, offset: 0, needed: needed, available: source.byteCount)
    }
    return (words[0], words[1])
  }

  /// Numbers of 32 bits.
  private static func words(of source: some ByteSource, at offset: Int, count: Int) -> [Int] {
    let bytes = source.bytes(in: offset..<offset + wordByteCount * count)
    return stride(from: 0, to: bytes.count, by: wordByteCount).map { start in
      bytes[start..<start + wordByteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
  }

  /// Checks that offsets grow and end with the file.
  private func checkOffsets() throws {
    var previous = 0
    // In pieces, so that a table of a billion offsets takes no memory.
    for start in stride(from: 0, through: sampleCount, by: 1 << 12) {
      let count = min(1 << 12, sampleCount + 1 - start)
      for (index, offset) in offsets(from: start, count: count).enumerated() {
        guard offset >= previous, offset <= source.byteCount else {
          throw ShardError.malformed(
            part: Self.part, offset: Self.wordByteCount * (start + index + 1),
            reason:
              "the offset of sample \(start + index) is \(offset), after \(previous) and in a file of "
              + "\(source.byteCount) bytes")
        }
        previous = offset
      }
    }
    guard previous == source.byteCount else {
      throw ShardError.malformed(
        part: Self.part, offset: previous,
        reason: "\(source.byteCount - previous) bytes follow the last sample")
    }
  }

  private func offsets(from index: Int, count: Int) -> [Int] {
    Self.words(of: source, at: Self.wordByteCount * (index + 1), count: count)
  }

  /// A sample.
  ///
  /// - Throws: `ShardError.malformed`.
  /// - Precondition: `index` is in 0..<`sampleCount`.
  public func sample(at index: Int) throws -> MDSSample {
    precondition(
      (0..<sampleCount).contains(index), "sample \(index) of a shard of \(sampleCount)")
    let range = offsets(from: index, count: 2)
    let part = "sample \(index)"
    do {
      var reader = ByteReader(
        source.bytes(in: range[0]..<range[1]), byteOrder: .littleEndian, from: range[0])
      let sizes = try columns.map { column in
        try column.encoding.byteCount ?? Int(reader.read(UInt32.self))
      }
      let values = try sizes.map { Array(try reader.readBytes($0)) }
      guard reader.remaining == 0 else {
        throw ShardError.malformed(
          part: part, offset: range[0],
          reason: "\(reader.remaining) bytes follow the value of the last column")
      }
      return MDSSample(columns: columns, values: values, part: part, offset: range[0])
    } catch let error as ByteReader.EndOfData {
      throw ShardError.truncated(
        part: part, offset: error.offset, needed: error.needed, available: error.available)
    }
  }
}
