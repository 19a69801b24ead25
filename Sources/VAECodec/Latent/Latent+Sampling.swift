import VAE

extension Latent {
  /// A sample of the stored distribution, drawn as diffusers draws it with a CPU generator of `seed`.
  ///
  /// The flipped latent is left out: it is a mean, and no log-variance is kept to draw its sample with.
  ///
  /// - Parameters:
  ///   - seed: what the noise is drawn with.
  ///   - temperature: multiplies the standard deviations; at 1 alone it is a sample of the distribution.
  /// - Throws: `LatentError.noMoments` if the latent holds no log-variance.
  public func sampled(seed: UInt64, temperature: Float = 1) throws -> Latent {
    guard let logVariance else { throw LatentError.noMoments }
    var generator = TorchGenerator(seed: seed)
    let noise = generator.normals(values.count)
    let sample = values.indices.map { index in
      let deviation = DiagonalGaussian.deviation(logVariance[index])
      return values[index] + temperature * deviation * noise[index]
    }
    return try replacing(
      values: sample, posterior: temperature == 1 ? .sample(seed: seed) : nil)
  }

  /// The latent with normal noise on each value, drawn as PyTorch draws it with a CPU generator.
  ///
  /// The flipped latent is left out.
  ///
  /// - Parameters:
  ///   - deviation: the standard deviation of the noise, in the units of the values.
  ///   - seed: of the generator.
  /// - Throws: nothing of a latent that could be made.
  public func noisy(deviation: Float, seed: UInt64) throws -> Latent {
    var generator = TorchGenerator(seed: seed)
    let noise = generator.normals(values.count)
    return try withoutVariance.replacing(
      values: zip(values, noise).map { $0 + deviation * $1 }, posterior: nil)
  }

  /// `kl` for each value, in bits.
  public var klBitsPerValue: Double? { kl.map { $0.bitsOfNats / Double(values.count) } }

  /// The Kullback-Leibler divergence of the stored distribution from the standard normal one, in nats,
  /// summed over all values; nil without a log-variance.
  public var kl: Double? {
    logVariance.map { logVariance in
      zip(values, logVariance).reduce(0) { sum, moment in
        sum + DiagonalGaussian.divergence(mean: moment.0, logVariance: moment.1)
      }
    }
  }
}

extension Double {
  /// As many bits as so many nats are.
  var bitsOfNats: Double { self / 0.693147180559945309 }
}
