import Glibc

/// How improbable a picture is where a decoder makes another of it, in nats.
struct Reconstruction {
  /// Of the picture: the sum over its samples.
  let value: Double
  /// With respect to the decoded picture, in its shape.
  let gradient: [Float]
  /// With respect to the logarithm of the scale.
  let scaleSlope: Double

  /// Levels that the decoder's -1...1 spans, of one unit.
  private static let levelsPerUnit = 127.5

  /// The level of a decoded value, not rounded and not clamped.
  static func level(of decoded: Float) -> Double { (Double(decoded) + 1) * levelsPerUnit }

  /// The distance of `decoded`, `[height, width, 3]` in about -1...1 and not clamped, from `samples`.
  ///
  /// - Parameter scale: in levels, see `Likelihood.term(of:centre:scale:)`.
  /// - Precondition: there are as many of each, and the scale is positive.
  init(
    _ samples: [UInt8], decodedAs decoded: [Float], _ likelihood: Likelihood, scale: Double
  ) {
    precondition(
      samples.count == decoded.count, "\(decoded.count) values for \(samples.count) samples")
    precondition(scale > 0, "a scale of \(scale)")
    var (value, scaleSlope) = (0.0, 0.0)
    var gradient = [Float](repeating: 0, count: samples.count)
    for index in samples.indices {
      let centre = Self.level(of: decoded[index])
      let term = likelihood.term(of: samples[index], centre: centre, scale: scale)
      value -= term.logarithm
      scaleSlope -= term.scaleSlope
      gradient[index] = Float(-term.centreSlope * Self.levelsPerUnit)
    }
    (self.value, self.gradient, self.scaleSlope) = (value, gradient, scaleSlope)
  }
}
