/// Statistics of a model's raw latents, of those models whose files hold them as tensors.
package struct LatentStatistics: Sendable, Equatable {
  /// The mean of each channel of the packed latent.
  package let mean: [Float]
  /// The standard deviation of each channel of the packed latent.
  package let standardDeviation: [Float]
  /// Side of the squares of latents that become channels before the statistics are applied: 1 where
  /// they are not packed.
  package let patchSize: Int
}
