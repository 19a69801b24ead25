import Glibc
import VAE

/// The Kullback-Leibler divergence of a posterior from the prior, in nats.
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
      sum += DiagonalGaussian.divergence(mean: mean, logVariance: logVariance)
      gradient[index] = mean
      if DiagonalGaussian.logVariances.contains(logVariance) {
        gradient[count + index] = Float(0.5 * (exp(Double(logVariance)) - 1))
      }
    }
    value = sum
    self.gradient = gradient
  }
}
