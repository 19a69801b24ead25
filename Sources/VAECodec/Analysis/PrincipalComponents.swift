/// The three directions in which the values of a latent vary most, as a map to colours.
///
/// Sums are in f64. The directions are found by the cyclic Jacobi method, whose order of rotations is
/// fixed, and each points to where its weights have a positive sum: one latent has one preview.
///
/// - SeeAlso: Golub and Van Loan, "Matrix Computations", 8.5.
struct PrincipalComponents {
  private let colors: PreviewColors

  /// Standard deviations that the range of a colour spans; values beyond are cut off.
  private static let span = 5.0

  /// The components of `values`, `[channels, positions]`.
  ///
  /// - Precondition: `values` is not empty, and a multiple of `channels`.
  init(_ values: [Float], channels: Int) {
    let count = values.count / channels
    let means = (0..<channels).map { channel in
      values[channel * count..<(channel + 1) * count].reduce(0.0) { $0 + Double($1) }
        / Double(count)
    }
    let covariance = (0..<channels).map { row in
      (0..<channels).map { column in
        (0..<count).reduce(0.0) { sum, position in
          sum + (Double(values[row * count + position]) - means[row])
            * (Double(values[column * count + position]) - means[column])
        } / Double(count)
      }
    }
    let axes = Self.axes(of: covariance)
    let weights = (0..<3).map { color -> [Double] in
      guard color < channels, axes[color].variance > 0 else {
        return [Double](repeating: 0, count: channels)
      }
      let axis = axes[color]
      let sign = axis.direction.reduce(0, +) < 0 ? -1.0 : 1.0
      return axis.direction.map { sign * $0 / (Self.span * axis.variance.squareRoot()) }
    }
    colors = PreviewColors(
      bias: weights.map { weights in
        Float(0.5 - zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 })
      },
      weights: (0..<channels).map { channel in weights.map { Float($0[channel]) } })
  }

  /// `[count, 3]` samples of 8 bits of `values`, `[channels, count]`.
  func samples(of values: [Float], count: Int) -> [UInt8] {
    colors.samples(of: values, count: count)
  }

  /// The eigenvectors of a symmetric matrix, the largest eigenvalue first.
  private static func axes(of matrix: [[Double]]) -> [(variance: Double, direction: [Double])] {
    let size = matrix.count
    var matrix = matrix
    var vectors = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
    let scale = (0..<size).reduce(0) { $0 + matrix[$1][$1] }
    // It converges quadratically: a few sweeps are enough for any size.
    for _ in 0..<30 {
      var largest = 0.0
      for p in 0..<size {
        for q in 0..<p {
          largest = max(largest, abs(matrix[p][q]))
          rotate(&matrix, &vectors, p, q)
        }
      }
      if largest <= scale * 1e-14 { break }
    }
    return (0..<size).map { (matrix[$0][$0], vectors[$0]) }
      .sorted { $0.variance > $1.variance }
  }

  /// Rotates rows and columns `p` and `q` so that their element off the diagonal vanishes.
  private static func rotate(
    _ matrix: inout [[Double]], _ vectors: inout [[Double]], _ p: Int, _ q: Int
  ) {
    guard matrix[p][q] != 0 else { return }
    let theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (t * t + 1).squareRoot()
    let sine = t * cosine
    for k in matrix.indices {
      let (a, b) = (matrix[k][p], matrix[k][q])
      (matrix[k][p], matrix[k][q]) = (cosine * a - sine * b, sine * a + cosine * b)
    }
    for k in matrix.indices {
      let (a, b) = (matrix[p][k], matrix[q][k])
      (matrix[p][k], matrix[q][k]) = (cosine * a - sine * b, sine * a + cosine * b)
      let (c, d) = (vectors[p][k], vectors[q][k])
      (vectors[p][k], vectors[q][k]) = (cosine * c - sine * d, sine * c + cosine * d)
    }
  }
}
