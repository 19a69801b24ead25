extension String {
  /// The text as HTML shows it, between tags or between double quotes: nothing in it is markup or steers the
  /// text around it.
  var escapedForHTML: String {
    var escaped = ""
    for scalar in withoutControls.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // HTML has no place for noncharacters.
      case _ where scalar.properties.isNoncharacterCodePoint: escaped += "?"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// The text of a path as HTML shows it between tags, where a line may end after a slash.
  var pathForHTML: String { escapedForHTML.replacing("/", with: "/<wbr>") }
}
