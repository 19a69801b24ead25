/// A JSON text as Python's `json.dumps` writes it: a space after every comma and colon, and nothing but ASCII.
indirect enum PythonJSON {
  case null
  case number(Int)
  case text(String)
  case list([PythonJSON])
  /// Sorted by their keys as they are written.
  case object([String: PythonJSON])

  /// A number, or null where there is none.
  init(_ number: Int?) { self = number.map(Self.number) ?? .null }

  /// A text, or null where there is none.
  init(_ text: String?) { self = text.map(Self.text) ?? .null }

  /// The text.
  var description: String {
    switch self {
    case .null: "null"
    case .number(let number): "\(number)"
    case .text(let text): Self.quoted(text)
    case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
        .map { Self.quoted($0.key) + ": " + $0.value.description }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case "\u{8}": "\\b"
    case "\u{C}": "\\f"
    case " "..."~": String(scalar)
    default:
      String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }
}
