/// Numbers and columns of text, set without a locale.
enum Text {
  /// `value` with `digits` digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "-" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let units = Int((value * scale).rounded())
    guard digits > 0 else { return String(units) }
    let fraction = String(abs(units) % Int(scale))
    let sign = units < 0 ? "-" : ""
    return sign + "\(abs(units) / Int(scale))."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// `rows` as lines of aligned columns: the first ones to the left, the last `numbers` to the right.
  static func table(_ rows: [[String]], numbers: Int) -> String {
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - row[column].count)
        return column < columns - numbers ? row[column] + gap : gap + row[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
