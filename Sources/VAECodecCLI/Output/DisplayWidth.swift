extension String {
  /// The columns that the string takes on a terminal: two for the wide characters of East Asia and for
  /// pictographs, none for accents that join the character before.
  var displayWidth: Int { unicodeScalars.reduce(0) { $0 + Self.width(of: $1) } }

  /// The beginning of the string that takes `columns` at most, which ends in "~" where something is cut off.
  func cut(to columns: Int) -> String {
    guard displayWidth > columns else { return self }
    var rest = columns - 1
    var kept = UnicodeScalarView()
    for scalar in unicodeScalars {
      rest -= Self.width(of: scalar)
      if rest < 0 { break }
      kept.append(scalar)
    }
    return columns > 0 ? String(kept) + "~" : ""
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: 0
    default: wideScalars.contains { $0 ~= scalar.value } ? 2 : 1
    }
  }

  /// The blocks whose characters are wide, after Unicode's EastAsianWidth.txt.
  private static let wideScalars: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
