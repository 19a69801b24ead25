extension String {
  /// The string on one line, shortened to 80 characters: names from a hostile file go through here
  /// before they reach a terminal.
  package var escapedForTerminal: String {
    let line = unicodeScalars.map {
      $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F ? String($0) : "?"
    }
    return line.count > 80 ? line.prefix(77).joined() + "..." : line.joined()
  }
}
