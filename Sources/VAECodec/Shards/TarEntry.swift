import VAE

/// The blocks that stand before the contents of a file in a tar archive: a ustar header, and before it one of
/// PAX where ustar has no room for the name.
///
/// All that does not follow from name and size is fixed, so that equal files make equal archives.
struct TarEntry {
  /// The headers.
  let head: [UInt8]

  private static let nameByteCount = 100
  private static let prefixByteCount = 155
  /// The largest size that eleven octal digits hold.
  private static let maximumByteCount = 1 << 33 - 1

  /// The headers of a file of `byteCount` bytes that is called `name`.
  init(_ name: [UInt8], byteCount: Int) {
    if let (prefix, base) = Self.parts(of: name), byteCount <= Self.maximumByteCount {
      head = Self.header(base, prefix: prefix, byteCount: byteCount, type: "0")
    } else {
      let records = Self.records(name, byteCount)
      head =
        Self.header(
          Array("././@PaxHeader".utf8), prefix: [], byteCount: records.count, type: "x")
        + records + Self.padding(of: records.count)
        + Self.header(
          Array(name.prefix(Self.nameByteCount)), prefix: [],
          byteCount: min(byteCount, Self.maximumByteCount), type: "0")
    }
  }

  /// The zeros that fill up `byteCount` bytes to whole blocks.
  static func padding(of byteCount: Int) -> [UInt8] {
    let whole = byteCount.roundedUp(toMultipleOf: TarHeader.blockByteCount)
    return [UInt8](repeating: 0, count: whole - byteCount)
  }

  /// The name in two parts that fit the fields of a header; nil if there are none. Where it has to be cut, it
  /// is at the first slash that fits.
  private static func parts(of name: [UInt8]) -> (prefix: [UInt8], base: [UInt8])? {
    if name.count <= nameByteCount { return ([], name) }
    let fitting = name.indices.first { index in
      name[index] == FileSystem.separator && 1...prefixByteCount ~= index
        && 1...nameByteCount ~= name.count - index - 1
    }
    return fitting.map { (Array(name[..<$0]), Array(name[($0 + 1)...])) }
  }

  /// The records of an extended header.
  private static func records(_ name: [UInt8], _ byteCount: Int) -> [UInt8] {
    let isText = String(validating: name, as: UTF8.self) != nil
    return (isText ? [] : record("hdrcharset", Array("BINARY".utf8))) + record("path", name)
      + (byteCount > maximumByteCount ? record("size", Array("\(byteCount)".utf8)) : [])
  }

  /// A record, which begins with its length, the digits of that included.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let body = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
    var length = body.count
    while length != body.count + "\(length)".utf8.count {
      length = body.count + "\(length)".utf8.count
    }
    return Array("\(length)".utf8) + body
  }

  private static func header(
    _ name: [UInt8], prefix: [UInt8], byteCount: Int, type: String
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: TarHeader.blockByteCount)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }
    put(name, at: 0)
    put(octal(type == "0" ? 0o444 : 0, digits: 7), at: 100)
    // Owner and group.
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(byteCount, digits: 11), at: 124)
    // Seconds since 1970.
    put(octal(0, digits: 11), at: 136)
    put("        ".utf8, at: 148)
    put(type.utf8, at: 156)
    put("ustar\u{0}00".utf8, at: 257)
    put(prefix, at: 345)
    let sum = block.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + [0], at: 148)
    return block
  }

  private static func octal(_ number: Int, digits: Int) -> [UInt8] {
    let text = String(number, radix: 8)
    return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
  }
}
