/// The 11x11 Gaussian window of SSIM on planes, wherever it fits wholly inside, and its transpose.
struct GaussianWindow {
  /// Width of the planes.
  let width: Int
  /// Height of the planes.
  let height: Int

  private static let side = SimilarityScale.windowSide
  private static let weights = (0..<side).map { tap in
    Float(SimilarityScale.weights[min(tap, side - 1 - tap)])
  }

  /// Windows for planes of `width` x `height`; nil where none fits.
  init?(width: Int, height: Int) {
    guard min(width, height) >= Self.side else { return nil }
    self.width = width
    self.height = height
  }

  private var placesAcross: Int { width - Self.side + 1 }
  private var placesDown: Int { height - Self.side + 1 }
  /// Places of the window.
  var placeCount: Int { placesAcross * placesDown }

  /// The weighted means of `plane`, `[height, width]`, under the window: one for each place.
  func means(of plane: [Float]) -> [Float] {
    var rows = [Float](repeating: 0, count: height * placesAcross)
    var means = [Float](repeating: 0, count: placeCount)
    for (tap, weight) in Self.weights.enumerated() {
      for y in 0..<height {
        Self.add(plane, y * width + tap, times: weight, to: &rows, y * placesAcross, placesAcross)
      }
    }
    for y in 0..<placesDown {
      for (tap, weight) in Self.weights.enumerated() {
        let source = (y + tap) * placesAcross
        Self.add(rows, source, times: weight, to: &means, y * placesAcross, placesAcross)
      }
    }
    return means
  }

  /// The transpose of `means`: spreads a value for each place over the window there.
  func spread(_ values: [Float]) -> [Float] {
    var rows = [Float](repeating: 0, count: height * placesAcross)
    var plane = [Float](repeating: 0, count: height * width)
    for y in 0..<placesDown {
      for (tap, weight) in Self.weights.enumerated() {
        let target = (y + tap) * placesAcross
        Self.add(values, y * placesAcross, times: weight, to: &rows, target, placesAcross)
      }
    }
    for (tap, weight) in Self.weights.enumerated() {
      for y in 0..<height {
        Self.add(rows, y * placesAcross, times: weight, to: &plane, y * width + tap, placesAcross)
      }
    }
    return plane
  }

  private static func add(
    _ source: [Float], _ sourceStart: Int, times weight: Float, to target: inout [Float],
    _ targetStart: Int, _ count: Int
  ) {
    precondition(sourceStart + count <= source.count && targetStart + count <= target.count)
    let source = source.span
    var target = target.mutableSpan
    for index in 0..<count {
      unsafe target[unchecked: targetStart &+ index] +=
        weight * source[unchecked: sourceStart &+ index]
    }
  }
}
