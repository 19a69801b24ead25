/// The mean structural similarity of a plane to another and how it depends on the plane's samples, which are in
/// 0...1.
///
/// In single precision, for learning; `SimilarityScale` measures.
///
/// - SeeAlso: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural
///   similarity", 2004.
struct PlaneSimilarity {
  private let window: GaussianWindow
  private let reference: [Float]
  private let referenceMeans: [Float]
  private let referenceSquares: [Float]

  /// The constants of the paper for a peak of 1.
  private static let (c1, c2): (Float, Float) = (0.01 * 0.01, 0.03 * 0.03)

  /// The similarity to `reference`, `[height, width]`.
  init(_ reference: [Float], _ window: GaussianWindow) {
    self.window = window
    self.reference = reference
    referenceMeans = window.means(of: reference)
    referenceSquares = window.means(of: reference.map { $0 * $0 })
  }

  /// The mean over all windows, in -1...1, and its gradient with respect to `plane`.
  func valueAndGradient(of plane: [Float]) -> (value: Double, gradient: [Float]) {
    let terms = terms(of: plane)
    let (mean, square, product) = (
      window.spread(terms.mean), window.spread(terms.square), window.spread(terms.product)
    )
    let factor = 1 / Float(window.placeCount)
    let gradient = plane.indices.map { index in
      factor * (mean[index] + 2 * plane[index] * square[index] + reference[index] * product[index])
    }
    return (terms.value, gradient)
  }

  /// The mean over all windows, in -1...1.
  func value(of plane: [Float]) -> Double { terms(of: plane).value }

  /// The value, and in each window its derivatives with respect to the weighted means of the plane, of its
  /// square, and of its product with the reference.
  private func terms(
    of plane: [Float]
  ) -> (value: Double, mean: [Float], square: [Float], product: [Float]) {
    let means = window.means(of: plane)
    var squares = window.means(of: plane.map { $0 * $0 })
    var products = window.means(of: zip(plane, reference).map { $0 * $1 })
    var slopes = means
    var sum = 0.0
    for index in means.indices {
      let (x, y) = (referenceMeans[index], means[index])
      let variances = referenceSquares[index] - x * x + squares[index] - y * y
      let luminance = (2 * x * y + Self.c1, x * x + y * y + Self.c1)
      let structure = (2 * (products[index] - x * y) + Self.c2, variances + Self.c2)
      let similarity = luminance.0 * structure.0 / (luminance.1 * structure.1)
      sum += Double(similarity)
      squares[index] = -similarity / structure.1
      products[index] = 2 * luminance.0 / (luminance.1 * structure.1)
      slopes[index] =
        2 * x * (structure.0 - luminance.0) / (luminance.1 * structure.1)
        + 2 * y * similarity * (1 / structure.1 - 1 / luminance.1)
    }
    return (sum / Double(means.count), slopes, squares, products)
  }
}
