import Glibc
import VAE

/// Measures what a model is worth on pictures that it did not learn from: on the piece in the middle of each.
struct TrainingValidation {
  /// A picture.
  private struct Example: Sendable {
    let samples: [UInt8]
    /// What the encoder sees, `[side, side, 3]` in -1...1.
    let input: [Float]
    /// For the draw from the posterior; empty where the mean stands for it, as where the decoder alone learns.
    let noise: [Float]
  }

  /// What becomes of a picture.
  private struct Outcome: Sendable {
    /// Of its posterior from the prior, in nats.
    var divergence = 0.0
    /// What the mean of the posterior is decoded to, rounded to 8 bits: in squared levels.
    var squaredError = 0.0
    /// What a draw from the posterior, or its mean, is decoded to.
    var drawn: [Float] = []
  }

  /// What all cost together.
  struct Result {
    let loss: TrainingRecord.Loss
    let psnr: Double
    /// The scale of the likelihood that the reconstruction is measured with.
    let scale: Double
  }

  private let examples: [Example]
  private let settings: TrainingSettings
  private let hasPosterior: Bool
  /// Of an encoder that does not change.
  private var encoded: [[Float]]?

  init(
    _ pictures: [TrainingPictures.Picture], _ settings: TrainingSettings,
    _ config: any AutoencoderFamily
  ) {
    self.settings = settings
    hasPosterior = config.hasPosterior
    let noiseCount = settings.noiseCount(config)
    examples = pictures.indices.map { index in
      let samples = pictures[index].middle(side: settings.side)
      var generator = TrainingDraws.validation(settings.seed, index)
      let spoilt = settings.corruption?.spoilt(samples, width: settings.side, &generator) ?? samples
      return Example(
        samples: samples, input: spoilt.tensor, noise: generator.normals(noiseCount))
    }
  }

  /// Measures a model, with the scale that the settings give the likelihood or else the one that suits the draws
  /// best, but for the rounding of samples.
  ///
  /// - Throws: as `Autoencoder.encode`.
  /// - Precondition: where the decoder alone learns, the encoder is that of the model that was measured before.
  mutating func measure(_ model: Autoencoder, _ options: ExecutionOptions) throws -> Result {
    var options = options
    let parallel = options.parallel
    options.parallel = Parallel(threads: 1)
    let encoded =
      try self.encoded
      ?? parallel.map(examples.count) { [examples, side, options] index in
        try model.encode(height: side, width: side, options, progress: { _ in }) { input in
          input.fill(examples[index].input)
        }
      }
    if settings.part == .decoder { self.encoded = encoded }
    let outcomes = try parallel.map(examples.count) { [examples, options] index in
      try outcome(of: examples[index], encoded[index], model, options)
    }
    let scale = settings.scale ?? bestScale(outcomes)
    let costs = try parallel.map(examples.count) { [examples, settings] index in
      Reconstruction(
        examples[index].samples, decodedAs: outcomes[index].drawn, settings.likelihood, scale: scale
      ).value
    }
    let count = Double(examples.count)
    let squaredError = outcomes.reduce(0) { $0 + $1.squaredError } / (count * sampleCount)
    return Result(
      loss: .init(
        reconstruction: costs.reduce(0, +) / count,
        divergence: outcomes.reduce(0) { $0 + $1.divergence } / count),
      psnr: 10 * log10(255 * 255 / max(squaredError, 1e-9)), scale: scale)
  }

  private var side: Int { settings.side }
  private var sampleCount: Double { Double(3 * side * side) }

  /// The scale of the densest likelihood: the deviation, or the mean distance, of the draws.
  private func bestScale(_ outcomes: [Outcome]) -> Double {
    let isSquared = settings.likelihood == .gaussian
    var sum = 0.0
    for (example, outcome) in zip(examples, outcomes) {
      for (index, sample) in example.samples.enumerated() {
        let error = Reconstruction.level(of: outcome.drawn[index]) - Double(sample)
        sum += isSquared ? error * error : abs(error)
      }
    }
    let mean = sum / (sampleCount * Double(examples.count))
    return max(isSquared ? mean.squareRoot() : mean, Self.smallestScale)
  }

  /// In levels: a smaller one counts as certain.
  private static let smallestScale = 0.1

  private func outcome(
    of example: Example, _ encoded: [Float], _ model: Autoencoder, _ options: ExecutionOptions
  ) throws -> Outcome {
    let latentSide = side / model.config.spatialFactor
    func decoded(_ latent: [Float]) throws -> [Float] {
      try model.decode(
        latent, height: latentSide, width: latentSide, options, progress: { _ in }
      ) { $0.values }
    }
    var outcome = Outcome()
    let mean = try decoded(Array(encoded.prefix(encoded.count / (hasPosterior ? 2 : 1))))
    outcome.drawn =
      example.noise.isEmpty ? mean : try decoded(Self.draw(of: encoded, example.noise))
    if hasPosterior { outcome.divergence = Divergence(of: encoded).value }
    for (index, sample) in example.samples.enumerated() {
      let level = min(max(Reconstruction.level(of: mean[index]).rounded(), 0), 255)
      outcome.squaredError += (level - Double(sample)) * (level - Double(sample))
    }
    return outcome
  }

  /// A draw from a posterior, `[2 · channels, h, w]`: means, then log-variances.
  private static func draw(of moments: [Float], _ noise: [Float]) -> [Float] {
    noise.indices.map { index in
      moments[index] + DiagonalGaussian.deviation(moments[noise.count + index]) * noise[index]
    }
  }
}

extension [UInt8] {
  /// 8-bit samples as networks read them, in -1...1.
  var tensor: [Float] { map { 2 * (Float($0) / 255) - 1 } }
}
