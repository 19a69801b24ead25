/// What is wrong with a shard of a data set, or with what is to become one.
///
/// Offsets are bytes from the beginning of the shard, once it is unpacked.
public enum ShardError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is something else, in words.
  case notShard(String)
  /// The shard is packed in a way that is not read.
  case compressed(String)
  /// Something ends early: of `needed` bytes, `available` are there.
  case truncated(part: String, offset: Int, needed: Int, available: Int)
  /// Something holds what cannot be.
  case malformed(part: String, offset: Int, reason: String)
  /// A member or a sample has more bytes than are read.
  case tooLong(part: String, offset: Int, byteCount: Int, maximum: Int)
  /// Members of one key do not follow each other.
  case scatteredKey(String, offset: Int)
  /// A sample has a field twice; upper and lower case are one.
  case repeatedField(String, key: String, offset: Int)
  /// A sample has no picture.
  case noPicture(key: String)
  /// A sample has several pictures, and nothing says which is meant.
  case severalPictures([String], key: String)
  /// A sample of the key was written before.
  case duplicateKey(String)
  /// A key or the name of a field that readers would take for another.
  case unusableName(String, reason: String)
  /// A column is of a kind that is not read.
  case unreadColumn(String, encoding: String, reason: String)
  /// A value is not of its column's kind.
  case wrongValue(column: String, encoding: String)
  /// The index and a shard, or two parts of an index, do not say the same.
  case disagreement(String)

  public var description: String {
    switch self {
    case .notShard(let reason): reason
    case .compressed(let name): "\(name) is not unpacked here: unpack it first"
    case .truncated(let part, let offset, let needed, let available):
      "\(part) at byte \(offset) is cut off: \(available) of \(needed) bytes are there"
    case .malformed(let part, let offset, let reason): "\(part) at byte \(offset): \(reason)"
    case .tooLong(let part, let offset, let byteCount, let maximum):
      "\(part) at byte \(offset) has \(byteCount) bytes, more than the \(maximum) that are read"
    case .scatteredKey(let key, let offset):
      "the key \(Self.quoted(key)) comes again at byte \(offset), after other samples: files of one sample "
        + "must follow each other"
    case .repeatedField(let field, let key, let offset):
      "the sample \(Self.quoted(key)) has \(Self.quoted(field)) twice, the second time at byte \(offset)"
    case .noPicture(let key): "the sample \(Self.quoted(key)) has no picture"
    case .severalPictures(let fields, let key):
      "the sample \(Self.quoted(key)) has several pictures: \(Self.list(fields))"
    case .duplicateKey(let key): "two samples have the key \(Self.quoted(key))"
    case .unusableName(let name, let reason): "the name \(Self.quoted(name)) \(reason)"
    case .unreadColumn(let column, let encoding, let reason):
      "column \(Self.quoted(column)) is of the kind \(Self.quoted(encoding)): \(reason)"
    case .wrongValue(let column, let encoding):
      "the value for column \(Self.quoted(column)) is no \(Self.quoted(encoding))"
    case .disagreement(let reason): reason
    }
  }

  /// A name from a file as messages show it.
  static func quoted(_ name: String) -> String {
    let shown = name.withoutControls
    return "`\(shown.count > 120 ? shown.prefix(117) + "..." : shown[...])`"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map(quoted).joined(separator: ", ")
    return names.count > 8 ? shown + " and \(names.count - 8) more" : shown
  }
}
