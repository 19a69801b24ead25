extension Double {
  /// The number with `digits` digits after the point.
  package func fixed(_ digits: Int) -> String {
    // Beyond that a float has no digits after the point, and soon more before it than an integer.
    guard magnitude < 1e15 else { return "\(self)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((magnitude * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let sign = self < 0 && scaled != 0 ? "-" : ""
    let whole = "\(sign)\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// The number without the ".0" of a whole one.
  package var plain: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
