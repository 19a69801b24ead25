import VAE

/// Reads a data set of shards that mosaicml-streaming or `MDSWriter` wrote into a folder.
///
///     let reader = try MDSReader(folder: "latents/")
///     for number in 0..<reader.index.shardCount {
///       let shard = try reader.shard(number)
///       for index in 0..<shard.sampleCount { print(try shard.sample(at: index)) }
///     }
public struct MDSReader: Sendable {
  /// What the folder holds.
  public let index: MDSIndex
  private let folder: String

  /// The name of an index in its folder.
  public static let indexName = "index.json"

  /// The data set in the folder at `path`.
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `ShardError`.
  public init(folder path: String) throws {
    folder = path
    let file = FileSystem.path(Self.indexName, in: path)
    index = try InputError.naming(file) {
      try MDSIndex(decoding: InputFile.bytes(at: file))
    }
  }

  /// A shard, which is unpacked into memory if its file is packed by gzip.
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `ShardError`, `.disagreement` where the file is not
  ///   the one that the index describes.
  /// - Precondition: `number` is in 0..<`index.shardCount`.
  public func shard(_ number: Int) throws -> MDSShard {
    precondition(
      index.shards.indices.contains(number), "shard \(number) of \(index.shards.count)")
    let entry = index.shards[number]
    let path = FileSystem.path(entry.raw.basename, in: folder)
    // Programs that stream leave the unpacked file beside the packed one.
    guard let packed = entry.packed, !FileSystem.exists(path) else {
      let shard = try MDSShard(contentsOf: path)
      try InputError.naming(path) { try Self.check(shard, entry) }
      return shard
    }
    let packedPath = FileSystem.path(packed.basename, in: folder)
    return try InputError.naming(packedPath) {
      let bytes = try MDSPacking.unpacked(
        InputFile.bytes(at: packedPath), entry.settings.compression, byteCount: entry.raw.byteCount)
      let shard = try MDSShard(decoding: bytes)
      try Self.check(shard, entry)
      return shard
    }
  }

  private static func check(_ shard: MDSShard, _ entry: MDSIndex.Entry) throws {
    guard shard.sampleCount == entry.sampleCount, shard.byteCount == entry.raw.byteCount,
      shard.columns == entry.settings.columns
    else {
      throw ShardError.disagreement(
        "the shard has \(shard.sampleCount) samples in \(shard.byteCount) bytes, and \(indexName) says "
          + "\(entry.sampleCount) in \(entry.raw.byteCount)"
          + (shard.columns == entry.settings.columns ? "" : ", of other columns"))
    }
  }
}

/// Shards whose whole file is packed.
enum MDSPacking {
  /// The bytes of a shard in a packed file.
  ///
  /// - Parameter name: what the index calls the packing, such as "gz:9".
  /// - Throws: `ShardError.compressed` for all but gzip, and `.malformed`.
  static func unpacked(_ bytes: [UInt8], _ name: String?, byteCount: Int) throws -> [UInt8] {
    let kind = name.flatMap { $0.split(separator: ":").first } ?? "nothing"
    guard kind == "gz" else {
      throw ShardError.compressed("a shard packed by \(ShardError.quoted(String(kind)))")
    }
    guard byteCount <= InputFile.maximumByteCount,
      let shard = Deflate.inflated(bytes, byteCount: byteCount, .gzip)
    else {
      throw ShardError.malformed(
        part: "gzip stream", offset: 0, reason: "it does not unpack to \(byteCount) bytes")
    }
    return shard
  }
}
