import Glibc
import VAE

extension Latent {
  /// How an array of twice the channels holds a distribution: means first, and what comes after them.
  ///
  /// - SeeAlso: diffusers `DiagonalGaussianDistribution`, for the log-variances; EDM2
  ///   `training/encoders.py`, `StabilityVAEEncoder`, for the deviations.
  public enum MomentsLayout: String, Sendable, CaseIterable {
    /// The means, then the standard deviations.
    case meanAndDeviation = "mean-std"
    /// The means, then the logarithms of the variances.
    case meanAndLogVariance = "mean-logvar"
  }

  /// The distribution whose means are the first half of the channels; of the mirrored picture, the mean.
  ///
  /// - Throws: `LatentError.scaledMoments`, `.oddMoments`, and `.negativeDeviation` where the second half
  ///   cannot be what `layout` says.
  func separated(_ layout: MomentsLayout) throws -> Latent {
    guard units == .raw else { throw LatentError.scaledMoments }
    guard channels % 2 == 0 else { throw LatentError.oddMoments(channels: channels) }
    let count = values.count / 2
    let spread = values.suffix(count)
    if layout == .meanAndDeviation, let index = spread.firstIndex(where: { $0 < 0 }) {
      throw LatentError.negativeDeviation(index: index)
    }
    let logVariance =
      layout == .meanAndLogVariance
      ? Array(spread)
      : spread.map { $0 > 0 ? 2 * log($0) : DiagonalGaussian.logVariances.lowerBound }
    return try replacing(
      values: Array(values.prefix(count)), logVariance: logVariance,
      flipped: flipped.map { Array($0.prefix(count)) }, posterior: .moments,
      extents: (channels / 2, height, width))
  }

  /// The values of an array of twice the channels: the means, then the log-variances; the values alone
  /// where there is no distribution.
  var joinedMoments: (values: [Float], channels: Int) {
    logVariance.map { (values + $0, 2 * channels) } ?? (values, channels)
  }
}
