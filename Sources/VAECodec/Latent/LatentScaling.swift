/// The map between raw latents, which a full-size VAE makes, and scaled ones, which diffusion models
/// see.
///
/// - SeeAlso: diffusers' pipelines: `(latents - shift_factor) * scaling_factor` and its inverse; with
///   statistics of the channels, `(latents - mean) * scaling_factor / std`.
public struct LatentScaling: Sendable, Equatable {
  /// Multiplies the latents (`scaling_factor`); finite and not 0.
  public let factor: Float
  /// Taken from the latents before they are multiplied (`shift_factor`); finite.
  public let shift: Float
  /// One mean a channel (`latents_mean`), empty where the model has none.
  public let mean: [Float]
  /// One standard deviation a channel (`latents_std`), not 0, empty where the model has none.
  public let standardDeviation: [Float]

  /// A scaling by a factor, after a shift.
  public init(factor: Float, shift: Float = 0) {
    self.init(factor: factor, shift: shift, mean: [], standardDeviation: [])
  }

  /// A scaling by statistics of the channels, which then stand in for the shift.
  public init(factor: Float, shift: Float, mean: [Float], standardDeviation: [Float]) {
    self.factor = factor
    self.shift = shift
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Whether the scaling can be applied to `channels` channels and undone.
  func isUsable(channels: Int) -> Bool {
    factor.isFinite && factor != 0 && shift.isFinite
      && mean.count == standardDeviation.count && [0, channels].contains(mean.count)
      && mean.allSatisfy(\.isFinite) && standardDeviation.allSatisfy { $0.isFinite && $0 != 0 }
  }

  /// Raw latents `[channels, height, width]` as a diffusion model sees them, in the pipelines' order
  /// of operations.
  ///
  /// - Precondition: the count of `raw` is a multiple of `channels`.
  public func scaled(_ raw: [Float], channels: Int) -> [Float] {
    map(raw, channels) { value, channel in
      mean.isEmpty
        ? (value - shift) * factor
        : (value - mean[channel]) * factor / standardDeviation[channel]
    }
  }

  /// Scaled latents `[channels, height, width]` as the full-size VAE decodes them.
  ///
  /// - Precondition: the count of `scaled` is a multiple of `channels`.
  public func raw(_ scaled: [Float], channels: Int) -> [Float] {
    map(scaled, channels) { value, channel in
      mean.isEmpty
        ? value / factor + shift
        : value * standardDeviation[channel] / factor + mean[channel]
    }
  }

  private func map(
    _ values: [Float], _ channels: Int, _ transform: (_ value: Float, _ channel: Int) -> Float
  ) -> [Float] {
    precondition(
      channels > 0 && values.count % channels == 0,
      "\(values.count) values are no whole number of planes of \(channels) channels")
    let planeCount = max(values.count / channels, 1)
    return values.indices.map { transform(values[$0], $0 / planeCount) }
  }
}
