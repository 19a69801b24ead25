/// Divisions that round up, and products of numbers that a file claims.
extension Int {
  /// The quotient, rounded up: how many parts of `divisor` hold this many.
  ///
  /// - Precondition: `divisor` is positive.
  package func dividedRoundingUp(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder > 0 ? quotient + 1 : quotient
  }

  /// The least multiple of `divisor` that is not smaller.
  ///
  /// - Precondition: `divisor` is positive, and the multiple fits.
  package func roundedUp(toMultipleOf divisor: Int) -> Int {
    dividedRoundingUp(by: divisor) * divisor
  }

  /// The product of `factors`, none of them negative; nil if it does not fit, even if another factor is
  /// 0: a file that claims such extents is wrong in any case.
  package init?(product factors: some Sequence<Int>) {
    var (product, isZero) = (1, false)
    for factor in factors {
      guard factor != 0 else {
        isZero = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      product = next
    }
    self = isZero ? 0 : product
  }
}
