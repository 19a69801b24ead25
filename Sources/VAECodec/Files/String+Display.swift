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

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: scalar.properties.isBidiControl
    default: false
    }
  }
}
