import Glibc
import VAE

/// The weights that are learnt, and what it takes to go on learning them.
package struct Learner {
  let weights: TrainableWeights
  private let network: TrainingNetwork
  private let settings: TrainingSettings
  private let schedule: CosineSchedule
  private(set) var loss: NegativeELBO
  private(set) var optimizer: AdamOptimizer
  private var scaleOptimizer: AdamOptimizer
  /// Of the weights that are learnt.
  private(set) var average: MovingAverage

  /// How far the logarithm of the scale moves in a step at most, about: from the contrast of pictures to a few
  /// levels it is 3.
  private static let scaleRate = 0.02

  /// What a step did.
  package struct Step {
    package let loss: TrainingRecord.Loss
    /// For each sample, before it was clipped.
    package let gradientNorm: Double
  }

  /// A learner that has learnt nothing yet.
  ///
  /// - Parameter scale: of the likelihood, to begin with.
  package init(
    _ config: any AutoencoderFamily, _ weights: TrainableWeights, _ settings: TrainingSettings,
    scale: Double
  ) {
    self.weights = weights
    self.settings = settings
    network = TrainingNetwork(
      config, weights, only: settings.part.half, height: settings.side, width: settings.side)
    schedule = CosineSchedule(
      rate: settings.rate, steps: settings.steps, warmUp: settings.warmUp)
    loss = NegativeELBO(
      likelihood: settings.likelihood, logScale: log(settings.scale ?? scale), beta: 0)
    optimizer = AdamOptimizer(
      count: network.weightRange.count, AdamOptimizer.Settings(decay: settings.weightDecay))
    scaleOptimizer = AdamOptimizer(count: 1)
    average = MovingAverage(weights.values(in: network.weightRange))
  }

  /// The weights of both halves that are kept: averaged where they are learnt.
  var averagedWeights: [Float] {
    var values = weights.values
    values.replaceSubrange(network.weightRange, with: average.values)
    return values
  }

  /// Learns from a batch.
  ///
  /// - Throws: as `TrainingNetwork.run`, and `TrainingError.diverged`.
  package mutating func step(
    _ number: Int, pictures: [[UInt8]], _ examples: [TrainingNetwork.Example],
    _ options: ExecutionOptions
  ) throws -> Step {
    loss.beta = settings.beta(at: number)
    var step = try loss.step(network, pictures: pictures, examples, options)
    let samples = Double(3 * settings.side * settings.side)
    // The gradient is that of a picture's loss; the length is one of a sample's.
    let length = step.gradient.clip(toLength: settings.clip * samples)
    guard length.isFinite else { throw TrainingError.diverged(step: number + 1) }
    weights.update { values in
      optimizer.update(&values, network.weightRange, against: step.gradient, rate: schedule[number])
    }
    average.add(weights.values(in: network.weightRange), keeping: settings.averageDecay(at: number))
    if settings.scale == nil {
      var scale = [Float(loss.logScale)]
      scaleOptimizer.update(&scale, against: [Float(step.scaleSlope)], rate: Self.scaleRate)
      loss.logScale = Double(scale[0])
    }
    return Step(
      loss: .init(reconstruction: step.reconstruction, divergence: step.divergence),
      gradientNorm: length / samples)
  }
}

// What a checkpoint keeps.
extension Learner {
  /// The numbers beside the weights.
  struct Memory: Codable, Equatable {
    var logScale: Double
    var powers: [Double]
    var scaleMean: Float
    var scaleSquare: Float
    var scalePowers: [Double]
  }

  /// The numbers beside the weights and those of the optimiser.
  var memory: Memory {
    Memory(
      logScale: loss.logScale, powers: optimizer.state.powers,
      scaleMean: scaleOptimizer.state.means[0], scaleSquare: scaleOptimizer.state.squares[0],
      scalePowers: scaleOptimizer.state.powers)
  }

  /// Goes on where another learner with the same settings was.
  mutating func resume(
    _ memory: Memory, values: [Float], average: [Float], means: [Float], squares: [Float]
  ) {
    weights.update { $0.fill(values) }
    self.average = MovingAverage(average)
    optimizer = AdamOptimizer(
      AdamOptimizer.State(means: means, squares: squares, powers: memory.powers),
      AdamOptimizer.Settings(decay: settings.weightDecay))
    scaleOptimizer = AdamOptimizer(
      AdamOptimizer.State(
        means: [memory.scaleMean], squares: [memory.scaleSquare], powers: memory.scalePowers),
      AdamOptimizer.Settings())
    loss.logScale = memory.logScale
  }
}
