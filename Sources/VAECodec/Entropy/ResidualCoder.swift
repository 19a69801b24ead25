/// Codes a whole number of known parity whose distribution is known: logistic, with a mean and a scale.
///
/// Numbers of one parity are 2 apart. The first decision is on which side of the mean the number is,
/// the next ones how far, in groups that double, and the last ones which of its group it is; each with
/// the probability that the distribution gives it.
enum ResidualCoder {
  /// Probabilities stay away from 0 and 1 by this much, in 1/65536: no decision costs more than 6 bits,
  /// and none less than 1/44, which bounds the values that a stream of some length can hold.
  static let margin: Int64 = 1024
  /// No number is this many steps of 2 or more from its mean.
  private static let limit: Int64 = 1 << 15

  /// Codes `value`, or decodes one where the coder does.
  ///
  /// - Parameters:
  ///   - value: of the parity `parity`, less than 2¹⁴ from 0.
  ///   - prediction: its distribution.
  static func code(
    _ value: Int32, parity: Int32, _ prediction: PlaneModel.Prediction,
    with coder: inout some BinaryCoder
  ) -> Int32 {
    let middle = (prediction.mean - Int64(parity) << 8 + 256) >> 9
    // From the mean to the boundary above the number that is nearest to it.
    let boundary = (2 * middle + Int64(parity) + 1) << 8 - prediction.mean
    let index = (Int64(value) - Int64(parity)) >> 1
    let distribution = Side(reciprocal: (1 << 24) / prediction.scale)
    let isAbove = coder.code(
      index > middle, probability: probability(distribution.mass(beyond: boundary), of: 1 << 32))
    let magnitude = code(
      isAbove ? index - middle - 1 : middle - index, from: isAbove ? boundary : -boundary,
      groupBits: 64 - (prediction.scale >> 9).leadingZeroBitCount, distribution, with: &coder)
    let found = isAbove ? middle + 1 + magnitude : middle - magnitude
    return Int32(truncatingIfNeeded: 2 * found + Int64(parity))
  }

  /// Codes how many steps of 2 from `origin` outwards a number is.
  private static func code(
    _ magnitude: Int64, from origin: Int64, groupBits: Int, _ distribution: Side,
    with coder: inout some BinaryCoder
  ) -> Int64 {
    var (low, size) = (Int64(0), Int64(1) << Int64(groupBits))
    var outside = distribution.mass(beyond: origin)
    var inside = outside
    var isFirst = true
    while low + size < limit {
      inside = distribution.mass(beyond: origin + (low + size) << 9)
      let share = probability(outside - inside, of: outside)
      if coder.code(magnitude < low + size, probability: share) { break }
      outside = inside
      low += size
      if isFirst { isFirst = false } else { size *= 2 }
    }
    while size > 1 {
      size >>= 1
      let middle = distribution.mass(beyond: origin + (low + size) << 9)
      let share = probability(outside - middle, of: outside - inside)
      if coder.code(magnitude < low + size, probability: share) {
        inside = middle
      } else {
        outside = middle
        low += size
      }
    }
    return low
  }

  /// The share of `part` in `whole` for a coder; one half where both are too small for one.
  private static func probability(_ part: Int64, of whole: Int64) -> UInt32 {
    guard whole > 0 else { return 1 << 15 }
    return UInt32(min(max((part << 16) / whole, margin), 65536 - margin))
  }

  /// One side of the distribution.
  private struct Side {
    /// 2²⁴ by the scale.
    let reciprocal: Int64

    func mass(beyond distance: Int64) -> Int64 {
      LogisticTail.mass(beyond: (distance &* reciprocal) >> 12)
    }
  }
}
