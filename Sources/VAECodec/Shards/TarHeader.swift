/// A header block of a tar archive as it is read: ustar, GNU's and those before both.
///
/// - SeeAlso: POSIX.1-2017 `pax`, "ustar Interchange Format"; GNU tar's manual, "Basic Tar Format".
struct TarHeader {
  /// What follows a header.
  enum Content {
    /// A file.
    case file
    /// A link, a folder or a device, which has no bytes.
    case nothing
    /// Bytes of something that is passed over.
    case other
    /// A file with holes.
    case sparse
    /// The name of the next member.
    case longName
    /// The target of the next member, a link.
    case longLink
    /// Records for the next member.
    case records
    /// Records for all members from here on.
    case globalRecords
  }

  /// The bytes of the name, the prefix before it.
  let name: [UInt8]
  let byteCount: Int
  let content: Content

  /// Bytes of a header, and of what contents are filled up to a multiple of.
  static let blockByteCount = 512

  /// The header in `block`, whose checksum is right.
  ///
  /// - Throws: `ShardError.malformed`.
  init(_ block: [UInt8], at offset: Int) throws {
    let isPOSIX = block[257..<263].elementsEqual("ustar\0".utf8)
    let prefix = isPOSIX ? Self.text(block[345..<500]) : []
    let base = Self.text(block[0..<100])
    name = prefix.isEmpty ? base : prefix + [UInt8(ascii: "/")] + base
    let isOldFolder = block[156] == 0 && name.last == UInt8(ascii: "/")
    content = isOldFolder ? .nothing : Self.content(of: block[156])
    guard let byteCount = Self.number(block[124..<136]) else {
      throw ShardError.malformed(
        part: "tar header", offset: offset, reason: "the size of the member is no number")
    }
    self.byteCount = byteCount
  }

  private static func content(of type: UInt8) -> Content {
    switch type {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
    case UInt8(ascii: "1")...UInt8(ascii: "6"): .nothing
    case UInt8(ascii: "S"): .sparse
    case UInt8(ascii: "L"): .longName
    case UInt8(ascii: "K"): .longLink
    case UInt8(ascii: "x"), UInt8(ascii: "X"): .records
    case UInt8(ascii: "g"): .globalRecords
    default: .other
    }
  }

  /// Whether the sum of the bytes is the one stated, the sum's own field taken as spaces; some old programs
  /// took bytes for signed.
  static func hasChecksum(_ block: [UInt8]) -> Bool {
    let field = 148..<156
    var (unsigned, signed) = (0, 0)
    for (index, byte) in block.enumerated() {
      let byte = field.contains(index) ? UInt8(ascii: " ") : byte
      unsigned += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    guard let stated = number(block[field]) else { return false }
    return stated == unsigned || stated == signed
  }

  /// The bytes before the first 0.
  static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

  /// The number in a field, in octal digits or, as GNU writes large ones, in binary; nil if it is none,
  /// negative or beyond 2^60.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    var bytes = field
    if let first = field.first, first & 0x80 != 0 {
      bytes[bytes.startIndex] = first & 0x7F
      let isNegative = first & 0x40 != 0
      let value = bytes.reduce(Int?(0)) { value, byte in
        value.flatMap { $0 < 1 << 52 ? $0 << 8 | Int(byte) : nil }
      }
      return isNegative ? nil : value
    }
    let digits = text(field).filter { $0 != UInt8(ascii: " ") }
    guard !digits.isEmpty else { return 0 }
    return digits.reduce(Int?(0)) { value, digit in
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
      return value.map { $0 << 3 | Int(digit - UInt8(ascii: "0")) }
    }
  }
}
