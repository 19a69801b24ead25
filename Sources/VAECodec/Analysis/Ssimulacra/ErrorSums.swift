/// Sums of the three error maps of SSIMULACRA 2 over the pixels of one channel at one scale.
struct ErrorSums {
  /// The stabilising constant of the structure term.
  private static let constant: Float = 0.0009

  /// The sum of an error, and that of its fourth power, in four lanes.
  private struct Sums {
    var first = SIMD4<Double>.zero
    var fourth = SIMD4<Double>.zero

    mutating func add(_ error: SIMD4<Double>) {
      first += error
      let square = error * error
      fourth += square * square
    }
  }

  /// The local means of four pixels of the reference and of the picture, of their squares, and of
  /// their product.
  struct Means {
    var reference = SIMD4<Float>.zero
    var picture = SIMD4<Float>.zero
    var referenceSquare = SIMD4<Float>.zero
    var pictureSquare = SIMD4<Float>.zero
    var product = SIMD4<Float>.zero
  }

  private var structure = Sums()
  private var added = Sums()
  private var lost = Sums()

  /// Adds four pixels. Four zeros, with means of zero, add nothing.
  mutating func add(
    reference: SIMD4<Float>, picture: SIMD4<Float>, means: Means
  ) {
    let (one, other) = (means.reference, means.picture)
    let difference = one - other
    // SSIM without the denominator of its luminance term: XYB is perceptual already.
    let luminance = 1 - difference * difference
    let covariance = 2 * (means.product - one * other) + Self.constant
    let variances =
      (means.referenceSquare - one * one) + (means.pictureSquare - other * other) + Self.constant
    let error = 1 - SIMD4<Double>(luminance * covariance / variances)
    structure.add(pointwiseMax(error, .zero))

    // More detail than the reference has is ringing or blocks, less is blur.
    let detail = 1 + SIMD4<Double>(magnitudes(picture - other))
    let change = detail / (1 + SIMD4<Double>(magnitudes(reference - one))) - 1
    added.add(pointwiseMax(change, .zero))
    lost.add(pointwiseMax(-change, .zero))
  }

  /// For each norm, the mean and the fourth root of the mean of the fourth powers: the errors of
  /// structure, of added and of lost detail, over `count` pixels.
  func norms(count: Int) -> [Double] {
    let sums = [structure, added, lost]
    return sums.map { $0.first.sum() / Double(count) }
      + sums.map { ($0.fourth.sum() / Double(count)).squareRoot().squareRoot() }
  }

  private func magnitudes(_ values: SIMD4<Float>) -> SIMD4<Float> { pointwiseMax(values, -values) }
}
