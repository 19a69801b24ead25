import VAE

extension String {
  /// The string as a message shows it: "?" in place of what would end its line or steer a terminal, which
  /// are control characters and those that reorder text, and `\xE9` for a byte of a path that is no UTF-8.
  package var withoutControls: String {
    var shown = ""
    for scalar in unicodeScalars {
      if let byte = Self.byte(of: scalar) {
        shown += "\\x" + String(byte, radix: 16, uppercase: true)
      } else {
        shown.unicodeScalars.append(Self.steers(scalar) ? "?" : scalar)
      }
    }
    return shown
  }

  /// A JSON text in which bytes of paths that are no UTF-8 are written as Python spells them, U+DCE9 for
  /// 0xE9, which `os.fsencode` turns back.
  package var withEscapedPathBytes: String {
    var text = ""
    for scalar in unicodeScalars {
      if let byte = Self.byte(of: scalar) {
        text += "\\udc" + String(byte, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A JSON text in which what Python writes for bytes of paths that are no UTF-8, such as U+DCE9 for 0xE9, is
  /// written as the characters that stand for them here: the reverse of `withEscapedPathBytes`.
  package var withReadPathBytes: String {
    var text = ""
    var rest = self[...]
    while let slash = rest.utf8.firstIndex(of: UInt8(ascii: "\\")) {
      text += rest[..<slash]
      rest = rest[slash...]
      var escape = rest.prefix(Self.isUnit(rest) ? 6 : 2)
      let pair = rest.prefix(12)
      if Self.isUnit(rest, in: 0xD800...0xDBFF), Self.isUnit(pair.dropFirst(6)) {
        escape = pair
      } else if Self.isUnit(rest, in: 0xDC80...0xDCFF) {
        // The two units of U+10FFE9 for 0xE9.
        text += "\\udbff\\udf" + escape.suffix(2)
        rest = rest[escape.endIndex...]
        continue
      }
      text += escape
      rest = rest[escape.endIndex...]
    }
    return text + rest
  }

  /// Whether a JSON text begins with the escape of a unit of UTF-16 in `range`.
  private static func isUnit(
    _ text: Substring, in range: ClosedRange<UInt16> = 0...UInt16.max
  ) -> Bool {
    guard text.utf8.starts(with: "\\u".utf8) else { return false }
    return UInt16(text.dropFirst(2).prefix(4), radix: 16).map(range.contains) ?? false
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: scalar.properties.isBidiControl
    default: false
    }
  }
}
