import FoundationEssentials

/// Puts a page together.
struct ReportWriter {
  private(set) var bytes: [UInt8] = []
  private let page: ReportPage
  /// The worst first.
  private let rows: [ReportRow]
  /// What any entry has a number for, in the order of their first appearance.
  private let measures: [ReportMeasure]

  /// Writes `page`, whose entries are `rows` in order.
  init(_ page: ReportPage, _ rows: [ReportRow]) throws {
    (self.page, self.rows) = (page, rows)
    var measures: [ReportMeasure] = []
    for value in rows.flatMap(\.values) where !measures.contains(value.measure) {
      measures.append(value.measure)
    }
    self.measures = measures
    add(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(page.title.escapedForHTML)</title>
      <style>\(ReportStyleSheet.text)</style>
      <script>\(ReportScript.text)</script>
      </head>
      <body>
      <main>

      """)
    addHeader()
    addCharts()
    addTable()
    addPictures()
    add("</main>\n")
    try addData()
    add("</body>\n</html>\n")
  }

  private mutating func add(_ markup: String) { bytes += markup.utf8 }

  private mutating func addHeader() {
    add("<header>\n<h1>\(page.title.escapedForHTML)</h1>\n")
    if !page.facts.isEmpty {
      let facts = page.facts.map {
        "<span>\($0.name.escapedForHTML) <b>\($0.value.escapedForHTML)</b></span>"
      }
      add("<p class=\"facts\">\(facts.joined(separator: " "))</p>\n")
    }
    add("</header>\n<dl class=\"figures\">\n")
    addFigure("pictures", "\(rows.count)")
    let failedCount = rows.count { $0.failure != nil }
    if failedCount > 0 { addFigure("failed", "\(failedCount)", isBad: true) }
    for measure in measures {
      let values = rows.compactMap { $0.value(of: measure) }.filter(\.isFinite)
      guard !values.isEmpty else { continue }
      addFigure(
        measure.title + (values.count > 1 ? ", mean" : ""),
        measure.number(values.reduce(0, +) / Double(values.count)), unit: measure.unit)
    }
    add("</dl>\n")
  }

  private mutating func addFigure(
    _ name: String, _ value: String, unit: String? = nil, isBad: Bool = false
  ) {
    let unit = unit.map { " <small>\($0.escapedForHTML)</small>" } ?? ""
    add(
      "<div\(isBad ? " class=\"bad\"" : "")><dt>\(name.escapedForHTML)</dt>"
        + "<dd>\(value)\(unit)</dd></div>\n")
  }

  private mutating func addCharts() {
    let charts = ReportChart.charts(of: rows, page.rank)
    guard !charts.isEmpty else { return }
    add("<div class=\"charts\">\n\(charts.map(\.markup).joined())</div>\n")
  }

  private mutating func addTable() {
    add(
      """
      <div class="scroll" role="region" aria-label="All pictures" tabindex="0">
      <table>
      <thead><tr>\(headerCell("Picture", "ascending", isSorted: false))
      """)
    for measure in measures {
      let unit = measure.unit.map { ", \($0)" } ?? ""
      add(
        headerCell(
          measure.title + unit, measure.better == .higher ? "ascending" : "descending",
          isSorted: measure == page.rank))
    }
    add("</tr></thead>\n<tbody>\n")
    for (index, row) in rows.enumerated() {
      let name = row.name.escapedForHTML
      let link = row.pictures == nil ? name : "<a href=\"#p\(index + 1)\">\(name)</a>"
      let failure = row.failure.map { "<small class=\"bad\">\($0.escapedForHTML)</small>" } ?? ""
      add("<tr><th scope=\"row\">\(link)\(failure)</th>")
      for measure in measures {
        guard let value = row.value(of: measure) else {
          add("<td>\u{2013}</td>")
          continue
        }
        add("<td data-v=\"\(value.isFinite ? "\(value)" : "1e999")\">\(measure.number(value))</td>")
      }
      add("</tr>\n")
    }
    add("</tbody>\n</table>\n</div>\n")
  }

  /// A cell that sorts the table, beginning in the order that has the worst first.
  private func headerCell(_ title: String, _ order: String, isSorted: Bool) -> String {
    "<th scope=\"col\" data-first=\"\(order)\"\(isSorted ? " aria-sort=\"\(order)\"" : "")>"
      + "<button type=\"button\">\(title.escapedForHTML)</button></th>"
  }

  private mutating func addPictures() {
    let shown = rows.enumerated().filter { $0.element.pictures != nil }
    guard !shown.isEmpty else { return }
    add("<h2>Pictures</h2>\n<p class=\"facts\">The worst come first.")
    if shown.count < rows.count(where: { !$0.values.isEmpty }) {
      add(" Shown are \(shown.count) of \(rows.count); the table has the others.")
    }
    if shown.contains(where: { $0.element.pictures?.isReduced ?? false }) {
      add(
        " Larger pictures are shown with a longest side of \(ReportPage.maximumPictureSide) pixels, "
          + "each pixel of a map with the largest difference in its place.")
    }
    add("</p>\n")
    for (index, row) in shown {
      guard let pictures = row.pictures else { continue }
      add("<section class=\"entry\" id=\"p\(index + 1)\">\n<h3>\(row.name.escapedForHTML)</h3>\n")
      let values = row.values.map {
        "<span>\($0.measure.title.escapedForHTML) <b>\($0.measure.text($0.value).escapedForHTML)</b></span>"
      }
      let size = "<span>\(pictures.wholeWidth)\u{D7}\(pictures.wholeHeight) pixels</span>"
      add("<p class=\"facts\">\((values + [size]).joined(separator: " "))</p>\n")
      if let failure = row.failure { add("<p class=\"bad\">\(failure.escapedForHTML)</p>\n") }
      add(pictures, of: row.name.escapedForHTML)
      add("</section>\n")
    }
  }

  private mutating func add(_ pictures: ReportPictures, of name: String) {
    let isSmall = max(pictures.width, pictures.height) < 256
    add(
      "<div class=\"views\(isSmall ? " small" : "")\" style=\"--w:\(pictures.width);--h:\(pictures.height)\">\n"
    )
    if let reference = pictures.reference, let picture = pictures.picture {
      add("<div class=\"pair\">\n")
      addFigure(reference, pictures, "reference of \(name)", "before", "reference")
      addFigure(picture, pictures, "picture of \(name)", "after", "picture")
      add(
        "<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" step=\"any\" "
          + "aria-label=\"Part of the reference that is shown, \(name)\">\n</div>\n")
    } else if let only = pictures.picture ?? pictures.reference {
      addFigure(only, pictures, name, "only", "")
    }
    if let map = pictures.map {
      addFigure(map, pictures, "difference of \(name)", "map", ReportScale.caption, isMarkup: true)
    }
    add("</div>\n")
  }

  private mutating func addFigure(
    _ file: [UInt8], _ pictures: ReportPictures, _ alternative: String, _ kind: String,
    _ caption: String,
    isMarkup: Bool = false
  ) {
    add(
      "<figure class=\"\(kind)\"><img alt=\"\(alternative)\" width=\"\(pictures.width)\" "
        + "height=\"\(pictures.height)\" loading=\"lazy\" src=\"data:image/png;base64,")
    bytes += Data(file).base64EncodedData()
    add("\">")
    if !caption.isEmpty {
      add(isMarkup ? caption : "<figcaption>\(caption)</figcaption>")
    }
    add("</figure>\n")
  }

  /// The numbers for programs.
  private mutating func addData() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = String(decoding: try encoder.encode(ReportData(page, rows)), as: UTF8.self)
    // What ends the element, or begins a comment in it, must not stand in it.
    add(
      "<script type=\"application/json\" id=\"report\">\(data.replacing("<", with: "\\u003c"))</script>\n"
    )
  }
}
