/// Gradient descent whose steps have the size of their rate, whatever the size of the gradient.
///
/// - SeeAlso: Kingma and Ba, "Adam: a method for stochastic optimization", 2015; `torch.optim.Adam`, whose order
///   of operations this is.
struct AdamOptimizer {
  /// How much of the mean gradient stays from step to step.
  private static let beta1: Float = 0.9
  /// How much of the mean squared gradient stays from step to step.
  private static let beta2: Float = 0.999
  /// Keeps what has no gradient where it is.
  private static let epsilon: Float = 1e-8

  private var means: [Float]
  private var squares: [Float]
  /// The powers of the two factors, which correct the means for their beginning at 0.
  private var powers: (Double, Double) = (1, 1)

  /// An optimiser of `count` values.
  init(count: Int) {
    means = [Float](repeating: 0, count: count)
    squares = means
  }

  /// Moves `values` against `gradient`, each by about `rate`.
  ///
  /// - Precondition: there are as many as the optimiser is for.
  mutating func update(_ values: inout [Float], against gradient: [Float], rate: Double) {
    precondition(
      values.count == means.count && gradient.count == means.count,
      "\(gradient.count) slopes for \(values.count) of \(means.count) values")
    powers.0 *= Double(Self.beta1)
    powers.1 *= Double(Self.beta2)
    let stepSize = Float(rate / (1 - powers.0))
    let correction = Float((1 - powers.1).squareRoot())
    for index in values.indices {
      let slope = gradient[index]
      means[index] += (1 - Self.beta1) * (slope - means[index])
      squares[index] = Self.beta2 * squares[index] + (1 - Self.beta2) * slope * slope
      let size = squares[index].squareRoot() / correction + Self.epsilon
      values[index] -= stepSize * means[index] / size
    }
  }
}
