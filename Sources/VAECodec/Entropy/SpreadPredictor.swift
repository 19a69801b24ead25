/// Predicts how far a value will be from its prediction, and learns how to as it goes.
///
/// The logarithm of the spread is a weighted sum of the logarithms of two mean errors, one of the
/// neighbours in the same plane, one of the planes before; the weights follow the gradient of the cost
/// in bits.
struct SpreadPredictor {
  /// Spreads and errors have 4 bits after the point; the largest is 2¹⁵.
  static let largest: Int64 = 1 << 19

  /// Bits after the point of a weight.
  private static let weightBits: Int64 = 16
  /// The logarithm of an error of 1, the point at which the weights do not matter.
  private static let origin = 4 * FixedPointLogarithm.one

  /// Where there is no error for long, the gradient keeps its sign; without bounds, weights would run
  /// away, and the first error after that would be taken for a huge one.
  private static let weightRange: ClosedRange<Int64> = 0...65536
  private static let offsetRange: ClosedRange<Int64> = -131072...131072

  private var neighborWeight: Int64 = 36045
  private var planeWeight: Int64 = 29491
  private var offset: Int64 = 0
  private var neighborLogarithm: Int64 = 0
  private var planeLogarithm: Int64 = 0

  /// The spread where errors are `neighborError` and `planeError`, both 1 or more.
  mutating func spread(neighborError: Int64, planeError: Int64) -> Int64 {
    neighborLogarithm = FixedPointLogarithm.log2(neighborError) - Self.origin
    planeLogarithm = FixedPointLogarithm.log2(planeError) - Self.origin
    let sum =
      neighborWeight &* neighborLogarithm &+ planeWeight &* planeLogarithm
      &+ offset &* FixedPointLogarithm.one
    let logarithm = min(max(sum >> Self.weightBits + Self.origin, 0), 19 * FixedPointLogarithm.one)
    return FixedPointLogarithm.exp2(logarithm)
  }

  /// Learns from the error that was made where the last spread was predicted.
  ///
  /// - Parameter ratio: the error in units of the logistic distribution's scale, 12 bits after the
  ///   point, not negative.
  mutating func learn(ratio: Int64) {
    let bounded = min(ratio, 8 << 12)
    // The derivative of the cost by the logarithm of the scale: 1 - u tanh(u / 2).
    let hyperbolicTangent = LogisticTail.half - LogisticTail.mass(beyond: bounded)
    let gradient = 1 << 12 - (bounded * (hyperbolicTangent >> 16)) >> 15
    Self.move(&neighborWeight, gradient * neighborLogarithm, within: Self.weightRange)
    Self.move(&planeWeight, gradient * planeLogarithm, within: Self.weightRange)
    Self.move(&offset, gradient * FixedPointLogarithm.one, within: Self.offsetRange)
  }

  /// Moves `weight` against `slope`.
  private static func move(
    _ weight: inout Int64, _ slope: Int64, within range: ClosedRange<Int64>
  ) {
    weight = min(max(weight - slope >> 15, range.lowerBound), range.upperBound)
  }
}
