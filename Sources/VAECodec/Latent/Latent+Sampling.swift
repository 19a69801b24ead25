import Glibc

extension Latent {
  /// The range that log-variances are clamped to before they are used (diffusers
  /// `DiagonalGaussianDistribution`).
  static let logVarianceRange: ClosedRange<Float> = -30...20

  /// A sample of the stored distribution, drawn as diffusers draws it with a CPU generator of `seed`.
  ///
  /// - Throws: `CodecError.noMoments` if the latent holds no log-variance.
  public func sampled(seed: UInt64) throws -> Latent {
    guard let logVariance else { throw CodecError.noMoments }
    var generator = TorchGenerator(seed: seed)
    let noise = generator.normals(values.count)
    let sample = values.indices.map { index in
      let clamped = min(
        max(logVariance[index], Self.logVarianceRange.lowerBound), Self.logVarianceRange.upperBound)
      return values[index] + exp(0.5 * clamped) * noise[index]
    }
    return Latent(
      channels: channels, height: height, width: width, values: sample, convention: convention,
      posterior: .sample(seed: seed), space: space, encoderFingerprint: encoderFingerprint,
      picture: picture)
  }

  /// The mean of the stored distribution alone; the latent itself where it holds no distribution.
  public var withoutVariance: Latent {
    Latent(
      channels: channels, height: height, width: width, values: values, convention: convention,
      posterior: logVariance == nil ? posterior : .mean, space: space,
      encoderFingerprint: encoderFingerprint, picture: picture, cache: cache)
  }

  /// How far the stored distribution is from the standard normal one: the Kullback-Leibler divergence
  /// in nats, summed over all values; nil without a log-variance.
  ///
  /// - SeeAlso: diffusers `DiagonalGaussianDistribution.kl`.
  public var divergence: Double? {
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
