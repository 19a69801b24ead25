/// The index of a set of tar archives that wids reads for random access, `shards.json`.
///
/// - SeeAlso: wids `wids_specs.py` and `wids_index.py`.
public struct WidsIndex: Codable, Sendable, Equatable {
  /// An archive of the set.
  public struct Shard: Codable, Sendable, Equatable {
    /// The path of the archive, beside the index or absolute, or its address.
    public let url: String
    /// Samples in it.
    public let sampleCount: Int
    /// Bytes of it.
    public let byteCount: Int

    private enum CodingKeys: String, CodingKey {
      case url
      case sampleCount = "nsamples"
      case byteCount = "filesize"
    }

    /// An archive of which all is known.
    public init(url: String, sampleCount: Int, byteCount: Int) {
      (self.url, self.sampleCount, self.byteCount) = (url, sampleCount, byteCount)
    }
  }

  /// In the order of the samples' numbers.
  public let shards: [Shard]
  private let kind: String
  private let version: Int

  private enum CodingKeys: String, CodingKey {
    case kind = "__kind__"
    case version = "wids_version"
    case shards = "shardlist"
  }

  /// The index of `shards`.
  public init(_ shards: [Shard]) {
    self.shards = shards
    kind = "wids-shard-index-v1"
    version = 1
  }

  /// The bytes of the file.
  public func encoded() throws -> [UInt8] { try ShardJSON.encode(self, .prettyPrinted) }
}
