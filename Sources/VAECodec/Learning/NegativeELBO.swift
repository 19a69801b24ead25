import Glibc
import VAE

/// The loss of a variational autoencoder: what pictures cost beside what the decoder makes of them, and `beta` times
/// what their latents cost, both in nats a picture; the mean over a batch.
///
/// Of `beta` 1 it is an upper bound of -ln p(picture), of others it is not.
package struct NegativeELBO {
  var likelihood: Likelihood
  /// The logarithm of the likelihood's scale, in levels.
  var logScale: Double
  /// What the divergence counts.
  var beta: Double

  /// The loss of `likelihood`, whose scale is exp(`logScale`) levels.
  package init(likelihood: Likelihood, logScale: Double, beta: Double) {
    self.likelihood = likelihood
    self.logScale = logScale
    self.beta = beta
  }

  /// A step of a batch.
  package struct Step {
    /// Nats of the pictures, their mean.
    let reconstruction: Double
    /// Nats of the latents, their mean: not multiplied by beta.
    let divergence: Double
    /// reconstruction + beta · divergence
    package let loss: Double
    /// Of the loss, with respect to the weights that are learnt.
    var gradient: [Float]
    /// Of the loss, with respect to `logScale`.
    let scaleSlope: Double
  }

  /// Runs a batch.
  ///
  /// - Parameters:
  ///   - pictures: of each example the 8-bit samples to reconstruct, `[height, width, 3]`.
  ///   - examples: of each example what the network begins with.
  /// - Throws: as `TrainingNetwork.run`.
  /// - Precondition: there are as many, at least one.
  func step(
    _ network: TrainingNetwork, pictures: [[UInt8]], _ examples: [TrainingNetwork.Example],
    _ options: ExecutionOptions
  ) throws -> Step {
    precondition(
      !examples.isEmpty && pictures.count == examples.count,
      "\(pictures.count) pictures for \(examples.count) examples")
    let (share, scale) = (1 / Double(examples.count), exp(logScale))
    let result = try network.run(
      examples, options,
      lossOfMoments: { [beta] _, moments in
        let divergence = Divergence(of: moments)
        return TrainingNetwork.Loss(
          [divergence.value], gradient: divergence.gradient.map { Float(share * beta) * $0 })
      },
      lossOfPicture: { [likelihood] example, decoded in
        let loss = Reconstruction(
          pictures[example], decodedAs: decoded, likelihood, scale: scale)
        return TrainingNetwork.Loss(
          [loss.value, loss.scaleSlope], gradient: loss.gradient.map { Float(share) * $0 })
      })
    func mean(_ numbers: [[Double]], _ index: Int) -> Double {
      share * numbers.reduce(0) { $0 + $1[index] }
    }
    let reconstruction = mean(result.pictureNumbers, 0)
    let divergence = mean(result.momentsNumbers, 0)
    return Step(
      reconstruction: reconstruction, divergence: divergence,
      loss: reconstruction + beta * divergence, gradient: result.gradient,
      scaleSlope: mean(result.pictureNumbers, 1))
  }
}
