/// Finds in a JSON text what `JSONDecoder` lets pass: a key that comes twice in one object, a comma
/// after the last item, and numbers with a fraction where only integers may stand.
///
/// It walks the tokens only; whether the text is JSON at all is the decoder's to say.
enum JSONStrictness {
  /// A breach of the strict rules.
  enum Violation: Error, Equatable, CustomStringConvertible {
    /// An object has this key twice.
    case duplicateKey(String, offset: Int)
    /// A number with a decimal point or an exponent begins at the byte.
    case fraction(offset: Int)
    /// The comma at the byte has nothing after it.
    case trailingComma(offset: Int)

    var description: String {
      switch self {
      case .duplicateKey(let key, let offset):
        "key `\(key.escapedForTerminal)` comes twice, the second time at byte \(offset)"
      case .fraction(let offset): "the number at byte \(offset) is not an integer"
      case .trailingComma(let offset): "nothing follows the comma at byte \(offset)"
      }
    }
  }

  /// Checks `json`.
  ///
  /// - Throws: `Violation`.
  /// - Complexity: linear in the bytes.
  static func check(_ json: [UInt8], allowsFractions: Bool) throws {
    /// The keys of each object that is open; nil for an open array.
    var open: [Set<String>?] = []
    var offset = 0
    while offset < json.count {
      switch json[offset] {
      case UInt8(ascii: "{"): open.append([])
      case UInt8(ascii: "["): open.append(nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: ","):
        if let next = nextToken(json, after: offset + 1), "}]".utf8.contains(next) {
          throw Violation.trailingComma(offset: offset)
        }
      case UInt8(ascii: "\""):
        let end = endOfString(json, from: offset)
        if nextToken(json, after: end) == UInt8(ascii: ":"), let last = open.indices.last,
          open[last] != nil
        {
          let key = unescaped(json[offset + 1..<max(offset + 1, end - 1)])
          guard open[last]?.insert(key).inserted != false else {
            throw Violation.duplicateKey(key, offset: offset)
          }
        }
        offset = end - 1
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        // The letters of true and false follow a letter, an exponent follows a digit.
        let previous = offset > 0 ? json[offset - 1] : 0
        let inNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(previous)
        if inNumber && !allowsFractions { throw Violation.fraction(offset: offset) }
      default: break
      }
      offset += 1
    }
  }

  /// The offset after the closing quote of the string that opens at `start`.
  private static func endOfString(_ json: [UInt8], from start: Int) -> Int {
    var offset = start + 1
    while offset < json.count, json[offset] != UInt8(ascii: "\"") {
      offset += json[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(offset + 1, json.count)
  }

  /// The first byte of the next token at or after `offset`, or nil at the end.
  private static func nextToken(_ json: [UInt8], after offset: Int) -> UInt8? {
    json[offset...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  /// The text of a string's bytes with \u escapes replaced, so that one key in two spellings is one.
  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("\\") else { return text }
    // UTF-16, in which a character beyond U+FFFF is escaped as two units.
    var result: [UInt16] = []
    var rest = text[...]
    while let slash = rest.firstIndex(of: "\\") {
      result += rest[..<slash].utf16
      rest = rest[slash...].dropFirst()
      if rest.first == "u", let unit = UInt16(rest.dropFirst().prefix(4), radix: 16) {
        result.append(unit)
        rest = rest.dropFirst(5)
      } else if let escaped = rest.popFirst() {
        result += String(escaped).utf16
      }
    }
    return String(decoding: result + rest.utf16, as: UTF16.self)
  }
}
