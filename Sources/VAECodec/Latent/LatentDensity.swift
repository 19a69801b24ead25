/// A normal distribution of whole latents that was fitted to some: their mean and the covariance of all pairs of
/// values.
///
/// A draw is the mean plus a normal multiple of each latent's difference from it, divided by the root of their
/// number less one: its covariance is that of the latents, and no matrix of it is ever made. So a draw is a
/// mixture of the latents. Of aligned pictures, such as digits, it may be one more of them; of others it is a
/// blur.
///
/// - SeeAlso: Ghosh et al., "From Variational to Deterministic Autoencoders", 2020, 4: a density that is fitted
///   after training.
public struct LatentDensity: Sendable {
  /// Of each latent, the values less those of the mean.
  private let differences: [[Float]]
  /// The mean, which has all else that a draw has.
  public let mean: Latent

  /// Fits the distribution to `latents`.
  ///
  /// - Parameters:
  ///   - latents: at least two, of equal sizes.
  ///   - paths: the files of the latents, for errors; empty where they are of none.
  /// - Throws: `LatentError.tooFewLatents`, and `.unequalSizes`, in an `InputError` where the file is known.
  /// - Precondition: all have the same units.
  public init(_ latents: [Latent], of paths: [String] = []) throws {
    guard latents.count > 1, let first = latents.first else {
      throw LatentError.tooFewLatents(latents.count)
    }
    var sums = [Double](repeating: 0, count: first.values.count)
    for (index, latent) in latents.enumerated() {
      try first.checkSize(of: latent, in: paths.isEmpty ? nil : paths[index])
      precondition(
        latent.units == first.units, "latents in \(latent.units) and \(first.units) units")
      for (index, value) in latent.values.enumerated() { sums[index] += Double(value) }
    }
    let means = sums.map { Float($0 / Double(latents.count)) }
    differences = latents.map { latent in zip(latent.values, means).map { $0 - $1 } }
    var mean = try first.withoutVariance.replacing(values: means, posterior: nil)
    mean.encoderFingerprint = nil
    mean.cache = nil
    mean.picture = first.picture.map { PictureInfo(width: $0.width, height: $0.height) }
    self.mean = mean
  }

  /// The number of latents that it was fitted to.
  public var latentCount: Int { differences.count }

  /// A latent of the distribution, drawn with PyTorch's normal noise.
  ///
  /// - Parameters:
  ///   - seed: of the noise.
  ///   - temperature: multiplies the standard deviations.
  /// - Throws: nothing of a distribution that could be fitted.
  /// - Complexity: a multiply-add for each value of each latent.
  public func sampled(seed: UInt64, temperature: Float = 1) throws -> Latent {
    var generator = TorchGenerator(seed: seed)
    let scale = Double(temperature) / Double(latentCount - 1).squareRoot()
    let weights = generator.normals(latentCount).map { scale * Double($0) }
    var sums = mean.values.map(Double.init)
    for (weight, difference) in zip(weights, differences) {
      for (index, value) in difference.enumerated() { sums[index] += weight * Double(value) }
    }
    return try mean.replacing(values: sums.map { Float($0) }, posterior: nil)
  }
}
