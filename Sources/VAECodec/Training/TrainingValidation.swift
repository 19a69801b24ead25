import Glibc
import VAE

/// Measures what a model is worth on pictures that it did not learn from: on the piece in the middle of each.
struct TrainingValidation {
  /// A picture.
  private struct Example: Sendable {
    let samples: [UInt8]
    /// What the encoder sees, `[side, side, 3]` in -1...1.
    let input: [Float]
    /// For the draw from the posterior.
    let noise: [Float]
  }

  /// What a picture costs.
  private struct Cost: Sendable {
    var loss = TrainingRecord.Loss()
    /// Of the picture that the mean of the posterior is decoded to, in squared levels.
    var squaredError = 0.0
    /// Of a picture that a draw is decoded to, in levels.
    var errors: (squared: Double, absolute: Double) = (0, 0)
  }

  /// What all cost together.
  struct Result {
    let loss: TrainingRecord.Loss
    let psnr: Double
    /// The scale of the likelihood that suits the draws best.
    let bestScale: Double
  }

  private let examples: [Example]
  private let side: Int
  private let likelihood: Likelihood
  /// Of an encoder that does not change.
  private var encoded: [[Float]]?

  init(
    _ pictures: [TrainingPictures.Picture], _ settings: TrainingSettings,
    _ config: any AutoencoderFamily
  ) {
    side = settings.side
    likelihood = settings.likelihood
    let latentSide = side / config.spatialFactor
    let noiseCount = config.hasPosterior ? config.latentChannels * latentSide * latentSide : 0
    examples = pictures.indices.map { index in
      let samples = pictures[index].middle(side: settings.side)
      var generator = TrainingDraws.validation(settings.seed, index)
      let spoilt = settings.corruption?.spoilt(samples, &generator) ?? samples
      return Example(
        samples: samples, input: spoilt.tensor, noise: generator.normals(noiseCount))
    }
  }

  /// Measures a model.
  ///
  /// - Parameters:
  ///   - scale: of the likelihood; nil for the one that suits best, which takes twice the time.
  ///   - keepsEncoded: whether the encoder will be the same next time.
  /// - Throws: as `Autoencoder.encode`.
  mutating func measure(
    _ model: Autoencoder, scale: Double?, keepsEncoded: Bool, _ options: ExecutionOptions
  ) throws -> Result {
    var options = options
    let parallel = options.parallel
    options.parallel = Parallel(threads: 1)
    let encoded =
      try self.encoded
      ?? parallel.map(examples.count) { [examples, side, options] index in
        try model.encode(height: side, width: side, options, progress: { _ in }) { input in
          for (index, value) in examples[index].input.enumerated() { input[index] = value }
        }
      }
    if keepsEncoded { self.encoded = encoded }
    func costs(_ scale: Double) throws -> [Cost] {
      try parallel.map(examples.count) { [examples, options] index in
        try cost(of: examples[index], encoded[index], model, scale: scale, options)
      }
    }
    let found = try costs(scale ?? 1)
    let count = Double(3 * side * side * examples.count)
    let best =
      switch likelihood {
      case .gaussian: (found.reduce(0) { $0 + $1.errors.squared } / count).squareRoot()
      case .laplace: found.reduce(0) { $0 + $1.errors.absolute } / count
      }
    let bestScale = max(best, 0.1)
    let final = scale == nil ? try costs(bestScale) : found
    func mean(_ number: (Cost) -> Double) -> Double {
      final.reduce(0) { $0 + number($1) } / Double(examples.count)
    }
    let squaredError = final.reduce(0) { $0 + $1.squaredError } / count
    return Result(
      loss: .init(
        reconstruction: mean(\.loss.reconstruction), divergence: mean(\.loss.divergence)),
      psnr: 10 * log10(255 * 255 / max(squaredError, 1e-9)), bestScale: bestScale)
  }

  private func cost(
    of example: Example, _ encoded: [Float], _ model: Autoencoder, scale: Double,
    _ options: ExecutionOptions
  ) throws -> Cost {
    let latentSide = side / model.config.spatialFactor
    func decoded(_ latent: [Float]) throws -> [Float] {
      try model.decode(
        latent, height: latentSide, width: latentSide, options, progress: { _ in }
      ) { picture in picture.indices.map { picture[$0] } }
    }
    var cost = Cost()
    let mean = try decoded(Array(encoded.prefix(encoded.count / (example.noise.isEmpty ? 1 : 2))))
    var drawn = mean
    if !example.noise.isEmpty {
      cost.loss.divergence = Divergence(of: encoded).value
      drawn = try decoded(Self.draw(of: encoded, example.noise))
    }
    cost.loss.reconstruction =
      Reconstruction(example.samples, decodedAs: drawn, likelihood, scale: scale).value
    for (index, sample) in example.samples.enumerated() {
      let level = min(max((127.5 * (Double(mean[index]) + 1)).rounded(), 0), 255)
      cost.squaredError += (level - Double(sample)) * (level - Double(sample))
      let error = 127.5 * (Double(drawn[index]) + 1) - Double(sample)
      cost.errors.squared += error * error
      cost.errors.absolute += abs(error)
    }
    return cost
  }

  /// A draw from a posterior, `[2 · channels, h, w]`: means, then log-variances.
  private static func draw(of moments: [Float], _ noise: [Float]) -> [Float] {
    noise.indices.map { index in
      let logVariance = DiagonalGaussian.clamped(moments[noise.count + index])
      return moments[index] + exp(0.5 * logVariance) * noise[index]
    }
  }
}

extension [UInt8] {
  /// 8-bit samples as networks read them, in -1...1.
  var tensor: [Float] { map { 2 * (Float($0) / 255) - 1 } }
}
