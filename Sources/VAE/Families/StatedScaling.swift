/// How the raw latents of a model become those that diffusion models see, as its config.json states it.
///
/// - SeeAlso: diffusers' pipelines, for the order of the operations.
package struct StatedScaling: Sendable, Equatable {
  /// Multiplies the latents (`scaling_factor`).
  package let factor: Float
  /// Taken from the latents before they are multiplied (`shift_factor`).
  package let shift: Float
  /// The mean of each channel (`latents_mean`), empty where the model has none.
  package let mean: [Float]
  /// The standard deviation of each channel (`latents_std`), empty where the model has none.
  package let standardDeviation: [Float]

  /// A scaling by a factor after a shift, or by statistics of the channels.
  package init(
    factor: Float, shift: Float = 0, mean: [Float] = [], standardDeviation: [Float] = []
  ) {
    self.factor = factor
    self.shift = shift
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}
