/// The table of a page: a line for each entry, the worst first, under headings that sort it.
struct ReportTable {
  private let measures: [ReportMeasure]
  private let rows: [ReportRow]
  private let rank: ReportMeasure

  init(_ rows: [ReportRow], _ measures: [ReportMeasure], rank: ReportMeasure) {
    (self.rows, self.measures, self.rank) = (rows, measures, rank)
  }

  /// The table as HTML.
  var markup: String {
    let heads = measures.map { measure in
      head(
        measure.title + (measure.unit.map { ", \($0)" } ?? ""),
        measure.better == .higher ? "ascending" : "descending", isSorted: measure == rank)
    }
    let lines = rows.enumerated().map { line($1, number: $0 + 1) }
    return """
      <div class="scroll" role="region" aria-label="All pictures" tabindex="0">
      <table>
      <thead><tr>\(head("Picture", "ascending", isSorted: false) + heads.joined())</tr></thead>
      <tbody>
      \(lines.joined(separator: "\n"))
      </tbody>
      </table>
      </div>

      """
  }

  /// A heading that sorts the table, beginning in the order that has the worst first.
  private func head(_ title: String, _ order: String, isSorted: Bool) -> String {
    "<th scope=\"col\" data-first=\"\(order)\"\(isSorted ? " aria-sort=\"\(order)\"" : "")>"
      + "<button type=\"button\">\(title.escapedForHTML)</button></th>"
  }

  private func line(_ row: ReportRow, number: Int) -> String {
    let name = row.name.pathForHTML
    let link = row.pictures == nil ? name : "<a href=\"#p\(number)\">\(name)</a>"
    let failure = row.failure.map { "<small class=\"bad\">\($0.escapedForHTML)</small>" } ?? ""
    let cells = measures.map { measure in
      guard let value = row.value(of: measure) else { return "<td>\u{2013}</td>" }
      // What a script reads as infinity.
      let number = value.isFinite ? "\(value)" : "1e999"
      return "<td data-v=\"\(number)\">\(measure.number(value))</td>"
    }
    return "<tr><th scope=\"row\">\(link)\(failure)</th>\(cells.joined())</tr>"
  }
}
