import VAE

/// What a training does: with the same pictures and the same model to begin with, the same settings make the same
/// weights, byte for byte, on any number of threads.
public struct TrainingSettings: Sendable, Equatable, Codable {
  /// The halves of a model whose weights are learnt.
  public enum Part: String, Sendable, Codable, CaseIterable {
    case all, encoder, decoder

    /// The only half; nil for both.
    var half: AutoencoderHalf? { AutoencoderHalf(rawValue: rawValue) }
  }

  /// The halves whose weights are learnt; the others stay as they are.
  public var part = Part.all
  /// The distribution of a picture's samples around those that the decoder makes.
  public var likelihood = Likelihood.gaussian
  /// Its scale in levels of 8 bits, above 0: a standard deviation, or for `laplace` the mean distance; nil where it
  /// is learnt.
  public var scale: Double?
  /// What the divergence of the posterior from the prior counts beside the reconstruction, both in nats; 1 makes the
  /// loss a bound of -ln p(picture). At least 0.
  public var beta = 1.0
  /// Steps in which beta rises in a line from 0.
  public var betaWarmUp = 0
  /// Width and height of the pieces of pictures that a step sees, in pixels: a multiple of the model's factor.
  public var side = 32
  /// Steps of the whole training, at least 1.
  public var steps = 2000
  /// Pictures of a step, at least 1.
  public var batch = 32
  /// Of all random numbers.
  public var seed: UInt64 = 0
  /// How far a weight moves in a step at most, about; falls to 0 along half a cosine.
  public var rate = 1e-3
  /// Steps in which the rate rises in a line from 0, fewer than `steps`.
  public var warmUp = 50
  /// The part of a weight that a step takes away at a rate of 1.
  public var weightDecay = 0.01
  /// Gradients of the loss for each sample are made as long as this where they are longer.
  public var clip = 1.0
  /// How much of the averaged weights, which are the ones that are kept, stays from step to step, in 0..<1; less
  /// in the first steps.
  public var averageDecay = 0.999
  /// Whether every other piece is seen in a mirror.
  public var flips = false
  /// How pictures are spoilt before they are encoded; nil where they are not.
  public var corruption: Corruption?

  /// The usual settings.
  public init() {}

  /// Steps from one validation to the next.
  var interval: Int { max(1, steps / 25) }

  /// Values of noise that a picture's latent is drawn with: one for each of its own; none where nothing is drawn.
  package func noiseCount(_ config: any AutoencoderFamily) -> Int {
    guard config.hasPosterior, part != .decoder else { return 0 }
    let latentSide = side / config.spatialFactor
    return config.latentChannels * latentSide * latentSide
  }

  /// Beta in a step, which are counted from 0.
  func beta(at step: Int) -> Double {
    step < betaWarmUp ? beta * Double(step) / Double(betaWarmUp) : beta
  }

  /// What the average keeps in a step, which are counted from 0: at the beginning it is an average of few.
  ///
  /// - SeeAlso: diffusers `training_utils.py`, `EMAModel.get_decay`.
  func averageDecay(at step: Int) -> Float {
    Float(min(averageDecay, Double(1 + step) / Double(10 + step)))
  }
}
