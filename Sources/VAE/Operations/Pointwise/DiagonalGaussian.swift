import Glibc

/// What encoders say of a latent value: a normal distribution.
package enum DiagonalGaussian {
  /// Log-variances are held to this range before they are used.
  ///
  /// - SeeAlso: diffusers `models/autoencoders/vae.py`, `DiagonalGaussianDistribution`.
  package static let logVariances: ClosedRange<Float> = -30...20

  /// The nearest log-variance in the range.
  package static func clamped(_ logVariance: Float) -> Float {
    min(max(logVariance, logVariances.lowerBound), logVariances.upperBound)
  }

  /// The standard deviation.
  package static func deviation(_ logVariance: Float) -> Float { exp(0.5 * clamped(logVariance)) }

  /// The Kullback-Leibler divergence from the standard normal distribution, in nats.
  ///
  /// - SeeAlso: diffusers `models/autoencoders/vae.py`, `DiagonalGaussianDistribution.kl`.
  package static func divergence(mean: Float, logVariance: Float) -> Double {
    let (mean, logVariance) = (Double(mean), Double(clamped(logVariance)))
    return 0.5 * (mean * mean + exp(logVariance) - 1 - logVariance)
  }
}
