import VAE

/// Gradient descent whose steps have the size of their rate, whatever the size of the gradient.
///
/// - SeeAlso: Kingma and Ba, "Adam: a method for stochastic optimization", 2015; Loshchilov and Hutter, "Decoupled
///   weight decay regularization", 2019; `torch.optim.Adam` and `torch.optim.AdamW`, whose order of operations
///   this is.
struct AdamOptimizer {
  /// What a step does with a gradient.
  struct Settings: Equatable {
    /// How much of the mean gradient stays from step to step.
    var beta1: Float = 0.9
    /// How much of the mean squared gradient stays from step to step.
    var beta2: Float = 0.999
    /// Keeps what has no gradient where it is.
    var epsilon: Float = 1e-8
    /// The part of a value that is taken away at a rate of 1; 0 for Adam without decay.
    var decay: Double = 0
  }

  /// What an optimiser remembers: with it a run goes on as if it had not ended.
  struct State: Equatable {
    /// Mean gradients.
    var means: [Float]
    /// Mean squared gradients.
    var squares: [Float]
    /// The powers of the two betas, which correct the means for their beginning at 0.
    var powers: [Double] = [1, 1]
  }

  private let settings: Settings
  private(set) var state: State

  /// An optimiser of `count` values.
  init(count: Int, _ settings: Settings = Settings()) {
    let zeros = [Float](repeating: 0, count: count)
    self.init(State(means: zeros, squares: zeros), settings)
  }

  /// An optimiser that goes on from `state`.
  init(_ state: State, _ settings: Settings) {
    self.state = state
    self.settings = settings
  }

  /// Moves `values` against `gradient`, each by about `rate`.
  ///
  /// - Precondition: there are as many as the optimiser is for.
  mutating func update(_ values: inout [Float], against gradient: [Float], rate: Double) {
    var span = values.mutableSpan
    update(&span, 0..<span.count, against: gradient, rate: rate)
  }

  /// Moves those of `values` that are in `range` against `gradient`, each by about `rate`.
  ///
  /// - Precondition: `range` has as many elements as the optimiser is for, and so has `gradient`.
  mutating func update(
    _ values: inout MutableSpan<Float>, _ range: Range<Int>, against gradient: [Float],
    rate: Double
  ) {
    precondition(
      range.count == state.means.count && gradient.count == state.means.count,
      "\(gradient.count) slopes for \(range.count) of \(state.means.count) values")
    state.powers[0] *= Double(settings.beta1)
    state.powers[1] *= Double(settings.beta2)
    let stepSize = Float(rate / (1 - state.powers[0]))
    let correction = Float((1 - state.powers[1]).squareRoot())
    let kept = Float(1 - rate * settings.decay)
    let (beta1, beta2, epsilon) = (settings.beta1, settings.beta2, settings.epsilon)
    for index in gradient.indices {
      let slope = gradient[index]
      let mean = state.means[index] + (1 - beta1) * (slope - state.means[index])
      let square = beta2 * state.squares[index] + (1 - beta2) * slope * slope
      (state.means[index], state.squares[index]) = (mean, square)
      let size = square.squareRoot() / correction + epsilon
      let place = range.lowerBound + index
      values[place] = values[place] * kept - stepSize * mean / size
    }
  }
}
