/// Logarithms and powers of two in integers, 10 bits after the point.
///
/// Parabolas between the powers of two, wrong by 0.01 at most: what matters is that they are monotonic,
/// smooth and the same everywhere.
enum FixedPointLogarithm {
  /// One in the units of this type.
  static let one: Int64 = 1 << 10

  /// About `log2(value)`.
  ///
  /// - Precondition: `value` is 1 or more and below 2⁵².
  static func log2(_ value: Int64) -> Int64 {
    let exponent = Int64(63 - value.leadingZeroBitCount)
    let fraction = (value << 10) >> exponent - one
    return exponent << 10 + fraction + (352 * fraction * (one - fraction)) >> 20
  }

  /// About `2^logarithm`, rounded down.
  ///
  /// - Precondition: `logarithm` is not negative and below 40 × `one`.
  static func exp2(_ logarithm: Int64) -> Int64 {
    let fraction = logarithm & (one - 1)
    let mantissa = one + fraction - (345 * fraction * (one - fraction)) >> 20
    return (mantissa << (logarithm >> 10)) >> 10
  }
}
