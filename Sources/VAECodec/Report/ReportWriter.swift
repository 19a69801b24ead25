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
    for sheet in page.sheets { bytes += sheet.bytes }
    if !rows.isEmpty { add(ReportTable(rows, measures, rank: page.rank).markup) }
    bytes += ReportGallery(rows).bytes
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
    add("</header>\n")
    guard !rows.isEmpty else { return }
    add("<dl class=\"figures\">\n")
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
    let charts = page.curves.map(ReportChart.init) + ReportChart.charts(of: rows, page.rank)
    guard !charts.isEmpty else { return }
    add("<div class=\"charts\">\n\(charts.map(\.markup).joined())</div>\n")
  }

  /// The numbers for programs.
  private mutating func addData() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = String(decoding: try encoder.encode(ReportData(page, rows)), as: UTF8.self)
    // What ends the element, or begins a comment in it, must not stand in it.
    let harmless = data.withEscapedPathBytes.replacing("<", with: "\\u003c")
    add("<script type=\"application/json\" id=\"report\">\(harmless)</script>\n")
  }
}
