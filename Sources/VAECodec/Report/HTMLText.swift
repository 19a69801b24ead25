extension String {
  /// The text as HTML shows it, between tags or between double quotes: nothing in it is markup, and what
  /// would steer the text around it is shown as U+FFFD.
  var escapedForHTML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar.isHarmlessInHTML ? scalar : "\u{FFFD}")
      }
    }
    return escaped
  }

  /// The text of a path as HTML shows it between tags, where a line may end after a slash.
  var pathForHTML: String { escapedForHTML.replacing("/", with: "/<wbr>") }
}

extension Unicode.Scalar {
  fileprivate var isHarmlessInHTML: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    case .format: !properties.isBidiControl
    // HTML has no place for noncharacters, the only ones of this category that cannot become characters.
    case .unassigned: !properties.isNoncharacterCodePoint
    default: true
    }
  }
}
