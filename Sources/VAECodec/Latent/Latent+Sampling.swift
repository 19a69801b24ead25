import Glibc

extension Latent {
  /// The range that log-variances are clamped to before they are used (diffusers
  /// `DiagonalGaussianDistribution`).
  static let logVarianceRange: ClosedRange<Float> = -30...20

  /// A sample of the stored distribution, drawn as diffusers draws it with a CPU generator of `seed`.
  ///
  /// The flipped latent is left out: it is a mean, and no log-variance is kept to draw its sample with.
  ///
  /// - Throws: `LatentError.noMoments` if the latent holds no log-variance.
  public func sampled(seed: UInt64) throws -> Latent {
    guard let logVariance else { throw LatentError.noMoments }
    var generator = TorchGenerator(seed: seed)
    let noise = generator.normals(values.count)
    let sample = values.indices.map { index in
      let clamped = min(
        max(logVariance[index], Self.logVarianceRange.lowerBound), Self.logVarianceRange.upperBound)
      return values[index] + exp(0.5 * clamped) * noise[index]
    }
    return try replacing(values: sample, posterior: .sample(seed: seed))
  }

  /// The Kullback-Leibler divergence of the stored distribution from the standard normal one, in nats,
  /// summed over all values; nil without a log-variance.
  ///
  /// - SeeAlso: diffusers `DiagonalGaussianDistribution.kl`.
  public var kl: Double? {
    logVariance.map { logVariance in
      zip(values, logVariance).reduce(0) { sum, moment in
        let mean = Double(moment.0)
        let clamped = Double(
          min(max(moment.1, Self.logVarianceRange.lowerBound), Self.logVarianceRange.upperBound))
        return sum + 0.5 * (mean * mean + exp(clamped) - 1 - clamped)
      }
    }
  }
}
