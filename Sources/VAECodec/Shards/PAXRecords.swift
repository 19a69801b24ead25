/// The records of an extended header of a tar archive, as far as they tell where members are and what they are
/// called.
///
/// - SeeAlso: POSIX.1-2017 `pax`, "pax Extended Header".
struct PAXRecords {
  /// The name of the member.
  private(set) var path: [UInt8]?
  /// The size of the member.
  private(set) var byteCount: Int?
  /// Whether the member has holes.
  private(set) var isSparse = false

  /// No records.
  init() {}

  /// The records in `bytes`.
  ///
  /// - Throws: `ShardError.malformed`.
  init(_ bytes: [UInt8], at offset: Int) throws {
    var rest = bytes[...]
    while let first = rest.first, first != 0 {
      guard let (key, value, end) = Self.record(rest) else {
        throw Self.malformed(offset, "a record is not of the form `length key=value`")
      }
      switch key {
      case "path": path = value
      case "size":
        let text = String(decoding: value, as: UTF8.self)
        guard let size = Int(text), (0..<1 << 60).contains(size) else {
          throw Self.malformed(offset, "the size of the member is no number")
        }
        byteCount = size
      default: isSparse = isSparse || key.hasPrefix("GNU.sparse.")
      }
      rest = rest[end...]
    }
  }

  /// Takes what `other` says in place of what is said here.
  mutating func update(with other: PAXRecords) {
    path = other.path ?? path
    byteCount = other.byteCount ?? byteCount
    isSparse = other.isSparse || isSparse
  }

  /// The record at the start of `bytes`, and where the next one begins; nil if there is none.
  private static func record(
    _ bytes: ArraySlice<UInt8>
  ) -> (key: String, value: [UInt8], end: Int)? {
    // More digits no header has room for.
    let digits = bytes.prefix(10).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let length = Int(String(decoding: digits, as: UTF8.self)), length <= bytes.count,
      bytes.dropFirst(digits.count).first == UInt8(ascii: " "), length > digits.count + 1,
      bytes[bytes.startIndex + length - 1] == UInt8(ascii: "\n")
    else { return nil }
    let body = bytes.prefix(length - 1).dropFirst(digits.count + 1)
    guard let equals = body.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    return (
      String(decoding: body[..<equals], as: UTF8.self), Array(body[(equals + 1)...]),
      bytes.startIndex + length
    )
  }

  private static func malformed(_ offset: Int, _ reason: String) -> ShardError {
    .malformed(part: "PAX header", offset: offset, reason: reason)
  }
}
