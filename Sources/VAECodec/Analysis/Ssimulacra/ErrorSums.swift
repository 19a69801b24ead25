/// Sums of the three error maps of SSIMULACRA 2 over the pixels of one channel at one scale.
struct ErrorSums: Sendable {
  /// The stabilising constant of the structure term.
  private static let constant: Float = 0.0009

  /// The sum of an error, and that of its fourth power, in four lanes.
  private struct Sums: Sendable {
    var first = SIMD4<Double>.zero
    var fourth = SIMD4<Double>.zero

    mutating func add(_ error: SIMD4<Double>) {
      first += error
      let square = error * error
      fourth += square * square
    }

    mutating func add(_ other: Sums) {
      first += other.first
      fourth += other.fourth
    }
  }

  private var structure = Sums()
  private var added = Sums()
  private var lost = Sums()

  /// Adds four pixels. Zeros with means of zero add nothing.
  ///
  /// - Parameter means: the local means of the reference, of the picture, of their squares and of their
  ///   product.
  mutating func add(
    reference: SIMD4<Float>, picture: SIMD4<Float>, means: InlineArray<5, SIMD4<Float>>
  ) {
    let (one, other) = (means[0], means[1])
    let difference = one - other
    // SSIM without the denominator of its luminance term: XYB is perceptual already.
    let luminance = 1 - difference * difference
    let covariance = 2 * (means[4] - one * other) + Self.constant
    let variances =
      (means[2] - one * one) + (means[3] - other * other) + Self.constant
    let error = 1 - SIMD4<Double>(luminance * covariance / variances)
    structure.add(positive(error))

    // More detail than the reference has is ringing or blocks, less is blur.
    let detail = 1 + SIMD4<Double>(magnitudes(picture - other))
    let change = detail / (1 + SIMD4<Double>(magnitudes(reference - one))) - 1
    added.add(positive(change))
    lost.add(positive(-change))
  }

  /// Adds the sums of other pixels.
  mutating func add(_ other: ErrorSums) {
    structure.add(other.structure)
    added.add(other.added)
    lost.add(other.lost)
  }

  /// The norms over `count` pixels: the mean errors of structure, of added and of lost detail, and the
  /// fourth roots of the means of their fourth powers.
  func norms(count: Int) -> [Double] {
    let sums = [structure, added, lost]
    return sums.map { $0.first.sum() / Double(count) }
      + sums.map { ($0.fourth.sum() / Double(count)).squareRoot().squareRoot() }
  }

  private func magnitudes(_ values: SIMD4<Float>) -> SIMD4<Float> {
    values.replacing(with: -values, where: values .< 0)
  }

  private func positive(_ values: SIMD4<Double>) -> SIMD4<Double> {
    values.replacing(with: 0, where: values .< 0)
  }
}
