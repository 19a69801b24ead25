/// The scale of the maps on a page.
enum ReportScale {
  /// The colours with their levels and the unit, below a map.
  static let caption: String = {
    let ticks = DifferenceScale.ticks.map { tick in
      "<span>\(tick == DifferenceScale.ticks.last ? DifferenceScale.lastTick : "\(tick)")</span>"
    }
    return "<span class=\"bar\"></span><span class=\"ticks\">\(ticks.joined())</span>"
      + "largest difference of a pixel's three colours, in \(DifferenceScale.unit)"
  }()

  /// The colours as a gradient of CSS.
  static let gradient: String = {
    let colors = stride(from: 0, to: DifferenceMap.colors.count, by: 4).map {
      DifferenceMap.colors[$0].hexadecimal
    }
    return "linear-gradient(90deg,\(colors.joined(separator: ",")))"
  }()
}

extension Canvas.Color {
  /// The colour as CSS has it.
  fileprivate var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
