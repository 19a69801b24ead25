import VAE

/// The index of a data set of shards, `index.json`.
public struct MDSIndex: Sendable, Equatable, Decodable {
  /// A file of a shard.
  struct File: Sendable, Equatable, Decodable {
    let basename: String
    let byteCount: Int
    /// Checksums by their kinds.
    let hashes: [String: String]

    private enum CodingKeys: String, CodingKey {
      case basename, hashes
      case byteCount = "bytes"
    }
  }

  /// What the index says of a shard.
  struct Entry: Sendable, Equatable, Decodable {
    let settings: MDSSettings
    let sampleCount: Int
    /// The shard once it is unpacked.
    let raw: File
    /// The file, where it is packed.
    let packed: File?

    private enum CodingKeys: String, CodingKey {
      case sampleCount = "samples"
      case raw = "raw_data"
      case packed = "zip_data"
    }

    init(settings: MDSSettings, sampleCount: Int, raw: File, packed: File?) {
      (self.settings, self.sampleCount, self.raw, self.packed) = (
        settings, sampleCount, raw, packed
      )
    }

    init(from decoder: any Decoder) throws {
      settings = try MDSSettings(from: decoder)
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      sampleCount = try fields.decode(Int.self, forKey: .sampleCount)
      raw = try fields.decode(File.self, forKey: .raw)
      packed = try fields.decodeIfPresent(File.self, forKey: .packed)
      for file in [raw, packed].compactMap(\.self) { try MDSIndex.check(file) }
      guard 0...Int(UInt32.max) ~= sampleCount else {
        throw ShardError.disagreement("a shard cannot have \(sampleCount) samples")
      }
    }
  }

  var shards: [Entry] = []

  /// The index of no shards.
  public init() {}

  /// The index in the bytes of a file.
  ///
  /// - Throws: `ShardError`.
  public init(decoding bytes: [UInt8]) throws {
    self = try ShardJSON.decode(Self.self, from: bytes, part: "index.json")
  }

  private enum CodingKeys: String, CodingKey { case version, shards }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let version = try fields.decode(Int.self, forKey: .version)
    guard version == MDSSettings.version else {
      throw ShardError.notShard("an index of version \(version) is not read")
    }
    shards = try fields.decode([Entry].self, forKey: .shards)
  }

  /// How many shards there are.
  public var shardCount: Int { shards.count }

  /// How many samples there are in all.
  public var sampleCount: Int { shards.reduce(0) { $0 + $1.sampleCount } }

  /// The bytes of the file, as Python writes them.
  public func encoded() -> [UInt8] {
    let entries = shards.map { shard in
      let more: [String: PythonJSON] = [
        "samples": .number(shard.sampleCount), "raw_data": Self.json(shard.raw),
        "zip_data": shard.packed.map(Self.json) ?? .null,
      ]
      return PythonJSON.object(shard.settings.members.merging(more) { $1 })
    }
    let index = PythonJSON.object([
      "shards": .list(entries), "version": .number(MDSSettings.version),
    ])
    return Array(index.description.utf8)
  }

  private static func json(_ file: File) -> PythonJSON {
    .object([
      "basename": .text(file.basename), "bytes": .number(file.byteCount),
      "hashes": .object(file.hashes.mapValues(PythonJSON.text)),
    ])
  }

  /// Checks that a file lies in the folder of the index or below it.
  private static func check(_ file: File) throws {
    let components = file.basename.utf8.split(
      separator: FileSystem.separator, omittingEmptySubsequences: false)
    let isInside = components.allSatisfy { component in
      !component.isEmpty && !component.elementsEqual("..".utf8) && !component.contains(0)
    }
    guard isInside, 0...Int(UInt32.max) ~= file.byteCount else {
      throw ShardError.disagreement(
        "the index names a file \(ShardError.quoted(file.basename)) of \(file.byteCount) bytes, which cannot be"
      )
    }
  }
}
