/// What a shard says of itself, and the index of each shard.
struct MDSSettings: Decodable, Sendable, Equatable {
  let columns: [MDSColumn]
  /// How the whole file is packed, such as "gz" or "zstd:3".
  let compression: String?
  /// Kinds of checksums that the index has.
  let hashes: [String]
  /// Bytes at which another shard is begun; nil for one shard of all.
  let sizeLimit: Int?

  /// The only version that there is.
  static let version = 2
  static let format = "mds"
  /// Larger descriptions are nobody's.
  static let maximumByteCount = 1 << 24

  private enum CodingKeys: String, CodingKey {
    case version, format, compression, hashes
    case sizeLimit = "size_limit"
    case names = "column_names"
    case encodings = "column_encodings"
    case sizes = "column_sizes"
  }

  init(columns: [MDSColumn], sizeLimit: Int?) {
    self.columns = columns
    self.sizeLimit = sizeLimit
    compression = nil
    hashes = []
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let version = try fields.decode(Int.self, forKey: .version)
    let format = try fields.decode(String.self, forKey: .format)
    guard version == Self.version, format == Self.format else {
      throw ShardError.notShard(
        "shards of format \(ShardError.quoted(format)), version \(version), are not read")
    }
    compression = try fields.decodeIfPresent(String.self, forKey: .compression)
    hashes = try fields.decode([String].self, forKey: .hashes)
    sizeLimit = try fields.decodeIfPresent(Int.self, forKey: .sizeLimit)
    let names = try fields.decode([String].self, forKey: .names)
    let encodings = try fields.decode([String].self, forKey: .encodings).map(MDSEncoding.init)
    let sizes = try fields.decode([Int?].self, forKey: .sizes)
    guard names.count == encodings.count, names.count == sizes.count,
      Set(names.map { Array($0.utf8) }).count == names.count
    else {
      throw ShardError.disagreement("names, kinds and sizes of the columns do not go together")
    }
    columns = zip(names, encodings).map { MDSColumn($0, $1) }
    for (column, size) in zip(columns, sizes) where size != column.encoding.byteCount {
      throw ShardError.disagreement(
        "column \(ShardError.quoted(column.name)) is said to have \(size.map { "\($0)" } ?? "no") bytes a "
          + "value, and \(ShardError.quoted(column.encoding.name)) does not")
    }
  }

  /// The members of the JSON object.
  var members: [String: PythonJSON] {
    [
      "version": .number(Self.version), "format": .text(Self.format),
      "compression": PythonJSON(compression), "hashes": .list(hashes.map(PythonJSON.text)),
      "size_limit": PythonJSON(sizeLimit), "column_names": .list(columns.map { .text($0.name) }),
      "column_encodings": .list(columns.map { .text($0.encoding.name) }),
      "column_sizes": .list(columns.map { PythonJSON($0.encoding.byteCount) }),
    ]
  }
}
