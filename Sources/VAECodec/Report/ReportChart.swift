import Glibc

/// A curve or a cloud of points, as SVG that stands in the page.
struct ReportChart {
  private struct Point {
    let x: Double
    let y: Double
    let name: String
  }

  private let title: String
  /// What the chart shows, for those who do not see it.
  private let alternative: String
  private let xTitle: String
  private let points: [Point]
  /// Whether a line goes through the points.
  private let isCurve: Bool

  /// A curve of the page's maker.
  init(_ curve: ReportPage.Curve) {
    let (first, last) = (curve.points.first?.y ?? 0, curve.points.last?.y ?? 0)
    self.init(
      title: curve.title,
      alternative: "\(curve.title) by \(curve.xTitle), from \(first.fixed(2)) to \(last.fixed(2))",
      xTitle: curve.xTitle,
      points: curve.points.map { point in
        Point(x: point.x, y: point.y, name: "\(point.x.fixed(0)): \(point.y.fixed(3))")
      }, isCurve: true)
  }

  private init(
    title: String, alternative: String, xTitle: String, points: [Point], isCurve: Bool
  ) {
    self.title = title
    self.alternative = alternative
    self.xTitle = xTitle
    self.points = points
    self.isCurve = isCurve
  }

  /// What helps to see of `rows`, the worst first: how the ranks fall, and what they cost. None of fewer
  /// than three.
  static func charts(of rows: [ReportRow], _ rank: ReportMeasure) -> [ReportChart] {
    let ranked = rows.filter { $0.value(of: rank)?.isFinite ?? false }
    guard ranked.count >= 3 else { return [] }
    let curve = ranked.enumerated().map { index, row in
      Point(x: Double(index + 1), y: row.value(of: rank) ?? 0, name: row.name)
    }
    let values = curve.map(\.y)
    let range = "from \(rank.text(values[0])) to \(rank.text(values[values.count - 1]))"
    var charts = [
      ReportChart(
        title: "\(rank.title) of each picture",
        alternative: "\(rank.title) of \(ranked.count) pictures, \(range), "
          + "median \(rank.text(values[values.count / 2]))",
        xTitle: "pictures, the worst first", points: curve, isCurve: true)
    ]
    let cloud = ranked.compactMap { row in
      row.value(of: .bitsPerPixel).map { Point(x: $0, y: row.value(of: rank) ?? 0, name: row.name) }
    }
    if cloud.count >= 3 {
      let rates = cloud.map(\.x).sorted()
      let rate = ReportMeasure.bitsPerPixel
      charts.append(
        ReportChart(
          title: "\(rank.title) and rate",
          alternative: "\(rank.title) of \(cloud.count) pictures, \(range), at rates from "
            + "\(rate.text(rates[0])) to \(rate.text(rates[rates.count - 1]))",
          xTitle: "bits per pixel", points: cloud, isCurve: false))
    }
    return charts
  }

  private static let width = 380.0
  private static let height = 200.0
  private static let left = 40.0
  private static let right = 10.0
  private static let top = 8.0
  private static let bottom = 38.0

  /// The chart as a figure of HTML.
  var markup: String {
    let xAxis = ReportAxis(points.map(\.x), isWhole: isCurve)
    let yAxis = ReportAxis(points.map(\.y), isWhole: false)
    func x(_ value: Double) -> Double {
      Self.left + xAxis.position(value) * (Self.width - Self.left - Self.right)
    }
    func y(_ value: Double) -> Double {
      Self.height - Self.bottom - yAxis.position(value) * (Self.height - Self.top - Self.bottom)
    }
    let floor = Self.height - Self.bottom
    var markup = """
      <figure><figcaption>\(title.escapedForHTML)</figcaption>
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
      aria-label="\(alternative.escapedForHTML)">

      """
    for tick in yAxis.ticks {
      markup +=
        "<path class=\"grid\" d=\"M\(Int(Self.left)) \(y(tick).fixed(1))H\(Int(Self.width - Self.right))\"/>"
        + "<text x=\"\(Int(Self.left) - 6)\" y=\"\((y(tick) + 4).fixed(1))\" text-anchor=\"end\">"
        + "\(yAxis.text(tick))</text>\n"
    }
    for tick in xAxis.ticks {
      markup +=
        "<text x=\"\(x(tick).fixed(1))\" y=\"\(Int(floor) + 15)\" "
        + "text-anchor=\"\(tick == xAxis.ticks.last ? "end" : "middle")\">"
        + "\(xAxis.text(tick))</text>\n"
    }
    markup +=
      "<text x=\"\(Int((Self.left + Self.width - Self.right) / 2))\" y=\"\(Int(Self.height) - 5)\" "
      + "text-anchor=\"middle\">\(xTitle.escapedForHTML)</text>\n"
    if isCurve {
      let line = points.map { "\(x($0.x).fixed(1)) \(y($0.y).fixed(1))" }.joined(separator: "L")
      markup += "<path class=\"curve\" d=\"M\(line)\"/>\n"
    }
    if points.count <= ReportPage.maximumPictureCount || !isCurve {
      for point in points {
        markup +=
          "<circle cx=\"\(x(point.x).fixed(1))\" cy=\"\(y(point.y).fixed(1))\" r=\"3\">"
          + "<title>\(point.name.escapedForHTML)</title></circle>\n"
      }
    }
    return markup + "</svg></figure>\n"
  }
}

/// The range of an axis, from one round number to another.
struct ReportAxis {
  let ticks: [Double]
  private let digits: Int

  /// An axis that takes in `values`, at least one.
  ///
  /// - Parameter isWhole: whether there is nothing between whole numbers.
  init(_ values: [Double], isWhole: Bool) {
    let lowest = values.min() ?? 0
    let highest = values.max() ?? 0
    let span = max(highest - lowest, isWhole ? 4 : 1e-3)
    let power = pow(10, floor(log10(span / 4)))
    var step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= span / 4 } ?? span
    if isWhole { step = max(1, step.rounded()) }
    let first = (lowest / step).rounded(.down)
    let last = max((highest / step).rounded(.up), first + 1)
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    digits = step >= 1 ? 0 : Int((-log10(step)).rounded(.up))
  }

  /// Where `value` is between the ends, 0...1.
  func position(_ value: Double) -> Double {
    (value - ticks[0]) / (ticks[ticks.count - 1] - ticks[0])
  }

  /// The text of a tick.
  func text(_ tick: Double) -> String { tick.fixed(digits) }
}
