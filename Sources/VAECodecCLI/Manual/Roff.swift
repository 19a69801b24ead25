/// Text in the language of manual pages, the macros of man(7).
enum Roff {
  /// A line on which `macro` has `arguments`.
  static func macro(_ macro: String, _ arguments: String...) -> String {
    ([".\(macro)"] + arguments.map { "\"\(escaped($0))\"" }).joined(separator: " ")
  }

  /// Bold within a line.
  static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

  /// Italic within a line.
  static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

  /// `text` in lines as short as sources should have them.
  static func text(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ").map({ escaped(String($0)) }) {
      if let line = lines.last, line.count + 1 + word.count <= 80 {
        lines[lines.count - 1] = line + " " + word
      } else {
        // A line that begins with a dot would be a macro's.
        lines.append(word.hasPrefix(".") ? "\\&" + word : word)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// `text` as it is to be seen.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { escapes[$0] ?? plain($0) }.joined()
  }

  /// What roff takes for something else, or shows as a typographer's sign that no shell understands.
  private static let escapes: [Unicode.Scalar: String] = [
    "\\": "\\e", "-": "\\-", "'": "\\(aq", "\"": "\\(dq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
  ]

  private static func plain(_ scalar: Unicode.Scalar) -> String {
    guard !scalar.isASCII else { return String(scalar) }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
  }
}
