import Glibc
import VAE

/// The Kullback-Leibler divergence of a posterior from the prior, in nats.
///
/// - SeeAlso: diffusers `models/autoencoders/vae.py`, `DiagonalGaussianDistribution.kl`.
struct Divergence {
  /// Of a picture: the sum over its latent.
  let value: Double
  /// With respect to the moments, in their shape; 0 for a log-variance beyond `DiagonalGaussian.logVariances`.
  let gradient: [Float]

  /// The divergence of `moments`, `[2 · channels, h, w]`: means, then log-variances.
  init(of moments: [Float]) {
    precondition(moments.count.isMultiple(of: 2), "\(moments.count) moments")
    let count = moments.count / 2
    var sum = 0.0
    var gradient = [Float](repeating: 0, count: moments.count)
    for index in 0..<count {
      let mean = moments[index]
      let logVariance = moments[count + index]
      let clamped = DiagonalGaussian.clamped(logVariance)
      let variance = exp(Double(clamped))
      sum += 0.5 * (Double(mean) * Double(mean) + variance - 1 - Double(clamped))
      gradient[index] = mean
      if clamped == logVariance { gradient[count + index] = Float(0.5 * (variance - 1)) }
    }
    value = sum
    self.gradient = gradient
  }
}
