/// The numbers of a page as JSON, the worst entry first.
struct ReportData: Encodable {
  private let title: String
  private let facts: [String: String]
  private let entries: [Entry]

  init(_ page: ReportPage, _ rows: [ReportRow]) {
    title = page.title
    facts = Dictionary(
      page.facts.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    entries = rows.map(Entry.init)
  }

  /// An entry with a key for its name, one for its failure and one for each number.
  private struct Entry: Encodable {
    let row: ReportRow

    init(_ row: ReportRow) { self.row = row }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(row.name, forKey: Key(stringValue: "name"))
      try container.encodeIfPresent(row.failure, forKey: Key(stringValue: "failure"))
      for (measure, value) in row.values {
        // JSON has no infinity.
        try container.encode(value.isFinite ? value : nil, forKey: Key(stringValue: measure.key))
      }
    }
  }
}
