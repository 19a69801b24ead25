import FoundationEssentials

/// A picture of a page that belongs to no entry.
struct ReportSheet: Sendable {
  let title: String
  let caption: String
  let width: Int
  let height: Int
  /// As PNG.
  let file: [UInt8]

  /// The picture as HTML.
  var bytes: [UInt8] {
    let head =
      "<section class=\"sheet\"><h2>\(title.escapedForHTML)</h2>\n<figure><img alt=\"\(title.escapedForHTML)\" "
      + "width=\"\(width)\" height=\"\(height)\" loading=\"lazy\" src=\"data:image/png;base64,"
    let foot = "\"><figcaption>\(caption.escapedForHTML)</figcaption></figure>\n</section>\n"
    return Array(head.utf8) + Data(file).base64EncodedData() + Array(foot.utf8)
  }
}
