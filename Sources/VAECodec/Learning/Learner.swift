import VAE

/// A model that learns: what a step of training changes.
package struct Learner {
  /// What a step does with the gradient, besides its rate.
  package struct Settings: Equatable {
    /// Of the weights.
    var optimizer = AdamOptimizer.Settings(decay: 0.01)
    /// How long a gradient may be.
    var gradientLength = 20.0
    /// See `MovingAverage.decay`.
    var averageDecay: Float = 0.999

    /// The usual ones.
    package init() {}
  }

  private let network: TrainingNetwork
  private let weights: TrainableWeights
  private let settings: Settings
  private(set) var loss: NegativeELBO
  private(set) var optimizer: AdamOptimizer
  private(set) var scaleOptimizer: AdamOptimizer
  /// Of the weights that are learnt.
  private(set) var average: MovingAverage

  /// The beginning of a training of `weights` in `network`.
  package init(
    _ network: TrainingNetwork, _ weights: TrainableWeights, _ loss: NegativeELBO,
    _ settings: Settings = Settings()
  ) {
    self.network = network
    self.weights = weights
    self.settings = settings
    self.loss = loss
    var scaleSettings = settings.optimizer
    scaleSettings.decay = 0
    scaleOptimizer = AdamOptimizer(count: 1, scaleSettings)
    optimizer = AdamOptimizer(count: network.weightRange.count, settings.optimizer)
    average = MovingAverage(
      Array(weights.values[network.weightRange]), decay: settings.averageDecay)
  }

  /// One step: the loss of a batch, its gradient with respect to weights and scale, and what follows from it.
  ///
  /// - Parameters:
  ///   - pictures: see `NegativeELBO.step`.
  ///   - examples: see there.
  ///   - rate: about what each weight changes by.
  /// - Throws: as `TrainingNetwork.run`.
  /// - Precondition: there are as many pictures as examples, at least one.
  package mutating func step(
    pictures: [[UInt8]], _ examples: [TrainingNetwork.Example], rate: Double,
    _ options: ExecutionOptions
  ) throws -> NegativeELBO.Step {
    var step = try loss.step(network, pictures: pictures, examples, options)
    _ = step.gradient.clip(toLength: settings.gradientLength)
    weights.update { values in
      optimizer.update(&values, network.weightRange, against: step.gradient, rate: rate)
    }
    average.add(Array(weights.values[network.weightRange]))
    var scale = [Float(loss.logScale)]
    scaleOptimizer.update(&scale, against: [Float(step.scaleSlope)], rate: rate)
    loss.logScale = Double(scale[0])
    return step
  }
}
