import FoundationEssentials

/// The pictures of a page: of each entry the picture over its reference, and the map of their differences.
struct ReportGallery {
  /// The gallery as HTML; nothing where there are no pictures.
  private(set) var bytes: [UInt8] = []

  init(_ rows: [ReportRow]) {
    let shown = rows.enumerated().filter { $0.element.pictures != nil }
    guard !shown.isEmpty else { return }
    add("<h2>Pictures</h2>\n")
    var notes = shown.count > 1 ? ["The worst come first."] : []
    if shown.count < rows.count(where: { !$0.values.isEmpty }) {
      notes.append("Shown are \(shown.count) of \(rows.count); the table has the others.")
    }
    if shown.contains(where: { $0.element.pictures?.isReduced ?? false }) {
      notes.append(
        "Larger pictures are shown with a longest side of \(ReportPage.maximumPictureSide) pixels, "
          + "each pixel of a map with the largest difference in its place.")
    }
    if !notes.isEmpty { add("<p class=\"facts\">\(notes.joined(separator: " "))</p>\n") }
    for (index, row) in shown { add(row, number: index + 1) }
  }

  private mutating func add(_ markup: String) { bytes += markup.utf8 }

  private mutating func add(_ row: ReportRow, number: Int) {
    guard let pictures = row.pictures else { return }
    let values = row.values.map {
      "<span>\($0.measure.title.escapedForHTML) "
        + "<b>\($0.measure.text($0.value).escapedForHTML)</b></span> "
    }
    add(
      """
      <section class="entry" id="p\(number)">
      <h3>\(row.name.pathForHTML)</h3>
      <p class="facts">\(values.joined())\
      <span>\(pictures.wholeWidth)\u{D7}\(pictures.wholeHeight) pixels</span></p>

      """)
    if let failure = row.failure { add("<p class=\"bad\">\(failure.escapedForHTML)</p>\n") }
    add(pictures, of: row.name.escapedForHTML)
    add("</section>\n")
  }

  private mutating func add(_ pictures: ReportPictures, of name: String) {
    let isSmall = max(pictures.width, pictures.height) < 256
    add(
      "<div class=\"views\(isSmall ? " small" : "")\" "
        + "style=\"--w:\(pictures.width);--h:\(pictures.height)\">\n")
    if let reference = pictures.reference, let picture = pictures.picture {
      add("<div class=\"pair\">\n")
      add(reference, pictures, "before", "reference of \(name)", caption: "reference")
      add(picture, pictures, "after", "picture of \(name)", caption: "picture")
      add(
        "<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" step=\"any\" "
          + "aria-label=\"Part of the reference that is shown, \(name)\">\n</div>\n")
    } else if let only = pictures.picture ?? pictures.reference {
      add(only, pictures, "only", name, caption: "")
    }
    if let map = pictures.map {
      add(map, pictures, "map", "difference of \(name)", caption: ReportScale.caption)
    }
    add("</div>\n")
  }

  private mutating func add(
    _ file: [UInt8], _ pictures: ReportPictures, _ kind: String, _ alternative: String,
    caption: String
  ) {
    add(
      "<figure class=\"\(kind)\"><img alt=\"\(alternative)\" width=\"\(pictures.width)\" "
        + "height=\"\(pictures.height)\" loading=\"lazy\" src=\"data:image/png;base64,")
    bytes += Data(file).base64EncodedData()
    add("\">" + (caption.isEmpty ? "" : "<figcaption>\(caption)</figcaption>") + "</figure>\n")
  }
}
