/// Where the samples of a tar archive lie.
public struct TarIndex: Sendable, Equatable {
  /// A file of a sample.
  public struct Field: Sendable, Equatable {
    /// What follows the key and its dot.
    public let name: String
    /// The byte of the archive at which its contents begin.
    public let dataOffset: Int
    /// Bytes of its contents.
    public let byteCount: Int
  }

  /// The files that share a key.
  public struct Sample: Sendable, Equatable {
    public let key: String
    /// In the order of the archive.
    public let fields: [Field]
  }

  /// In the order of the archive.
  public internal(set) var samples: [Sample] = []

  /// The index of no samples.
  public init() {}

  /// The index of the archive that `reader` is at the beginning of, which is read to its end.
  ///
  /// - Throws: what `WebDatasetSamples.next` throws, and `ShardError.compressed` for an archive in gzip, in which
  ///   nothing can be found by its offset.
  public init(of reader: TarReader) throws {
    guard !reader.isCompressed else { throw reader.named(ShardError.compressed("a gzip archive")) }
    let source = WebDatasetSamples(reader)
    while let sample = try source.next() {
      let fields = sample.fields.map {
        Field(name: $0.name, dataOffset: $0.dataOffset, byteCount: $0.bytes.count)
      }
      samples.append(Sample(key: sample.key, fields: fields))
    }
  }
}
