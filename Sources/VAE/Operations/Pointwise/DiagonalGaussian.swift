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
}
