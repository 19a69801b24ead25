import Glibc

/// SSIM and MS-SSIM of two planes that arrive row by row: as many scales as their size allows.
///
/// - SeeAlso: Wang, Simoncelli, Bovik, "Multiscale structural similarity for image quality
///   assessment", 2003.
struct SimilarityPyramid {
  /// Exponents of the five scales, the full size first (section 3.2 of the paper).
  private static let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

  /// The smallest side that holds a window after four halvings: 161.
  private static let smallestSideOfFiveScales = ((SimilarityScale.windowSide - 1) << 4) + 1

  /// None, one or five scales, each half the size of the one before.
  private var scales: [SimilarityScale]

  /// A pyramid for planes of `width` x `height` samples in 0...`peak`.
  init(width: Int, height: Int, peak: Double) {
    let side = min(width, height)
    let depth =
      side < SimilarityScale.windowSide
      ? 0 : side < Self.smallestSideOfFiveScales ? 1 : Self.weights.count
    scales = (0..<depth).map { level in
      let round = (1 << level) - 1
      return SimilarityScale(
        width: (width + round) >> level, height: (height + round) >> level, peak: peak)
    }
  }

  /// Takes the next row of both planes.
  ///
  /// - Precondition: both rows are as wide as the planes.
  mutating func push(_ first: [Double], _ second: [Double]) {
    var rows = (first: first, second: second)
    for level in scales.indices {
      guard let halved = scales[level].push(rows.first, rows.second) else { return }
      rows = halved
    }
  }

  /// Mean SSIM in -1...1 of planes that were pushed whole; nil where a side is under 11.
  var similarity: Double? { scales.first?.similarity }

  /// MS-SSIM in 0...1 of planes that were pushed whole; nil where a side is under 161.
  ///
  /// The structure of every scale but the last, and the similarity of the last; negative terms
  /// count as 0.
  var multiscaleSimilarity: Double? {
    guard scales.count == Self.weights.count, let last = scales.last else { return nil }
    let terms = scales.dropLast().map(\.structure) + [last.similarity]
    return zip(terms, Self.weights).reduce(1) { $0 * pow(max($1.0, 0), $1.1) }
  }
}
