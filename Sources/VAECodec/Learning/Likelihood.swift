import Glibc

/// A distribution of 8-bit samples around what a decoder makes of them: the part of a continuous one between
/// half a level below and half a level above, at 0 and 255 all that is beyond.
package enum Likelihood: String, CaseIterable, Sendable {
  case gaussian, laplace

  /// The natural logarithm of a sample's probability, and its derivatives.
  struct Term {
    /// At most 0.
    let logarithm: Double
    /// With respect to the centre of the distribution, in levels.
    let centreSlope: Double
    /// With respect to the logarithm of the scale.
    let scaleSlope: Double
  }

  /// The probability of `sample`, in 0...255.
  ///
  /// - Parameters:
  ///   - centre: of the distribution, in levels; may lie outside of 0...255.
  ///   - scale: in levels: the standard deviation of `gaussian`, the mean distance of `laplace`.
  func term(of sample: UInt8, centre: Double, scale: Double) -> Term {
    let distance = Double(sample) - centre
    let lower = sample == 0 ? -Double.infinity : (distance - 0.5) / scale
    let upper = sample == 255 ? Double.infinity : (distance + 0.5) / scale
    // The tails are exact above the centre.
    let isMirrored = lower + upper < 0
    let (near, far) = isMirrored ? (-upper, -lower) : (lower, upper)
    let logarithm = logMass(from: near, to: far)
    func share(_ place: Double) -> Double {
      place.isFinite ? exp(logDensity(place) - logarithm) : 0
    }
    let (nearShare, farShare) = (share(near), share(far))
    // Where the centre moves up by a scale, both ends move down by 1.
    let slope = (nearShare - farShare) / scale
    func product(_ place: Double, _ share: Double) -> Double { place.isFinite ? place * share : 0 }
    return Term(
      logarithm: logarithm, centreSlope: isMirrored ? -slope : slope,
      scaleSlope: product(near, nearShare) - product(far, farShare))
  }

  /// The logarithm of the mass of the standard distribution between `near` and `far`.
  ///
  /// - Precondition: their sum is not negative.
  private func logMass(from near: Double, to far: Double) -> Double {
    if near >= 0 {
      let tail = logTail(near)
      return far.isFinite ? tail + log(-expm1(logTail(far) - tail)) : tail
    }
    let below = near.isFinite ? exp(logTail(-near)) : 0
    let above = far.isFinite ? exp(logTail(far)) : 0
    return log1p(-below - above)
  }

  /// The logarithm of the mass of the standard distribution above `place`, which is not negative.
  private func logTail(_ place: Double) -> Double {
    switch self {
    case .laplace: return -place - M_LN2
    case .gaussian:
      guard place > 25 else { return log(0.5 * erfc(place / 2.0.squareRoot())) }
      // The asymptotic series, where erfc is about to vanish: the next term is 1e-9 of the mass.
      let square = 1 / (place * place)
      let series = 1 - square * (1 - 3 * square * (1 - 5 * square))
      return logDensity(place) - log(place) + log(series)
    }
  }

  private func logDensity(_ place: Double) -> Double {
    switch self {
    case .laplace: -abs(place) - M_LN2
    case .gaussian: -0.5 * place * place - 0.5 * log(2 * .pi)
    }
  }
}
