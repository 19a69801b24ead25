import VAE

/// The map between raw latents, which a full-size VAE makes, and scaled ones, which diffusion models
/// see.
///
/// - SeeAlso: diffusers' pipelines: `(latents - shift_factor) * scaling_factor` and its inverse; with
///   statistics of the channels, `(latents - mean) * scaling_factor / std`; of FLUX.2, the same without
///   a factor, on latents whose 2x2 patches have become channels.
public struct LatentScaling: Sendable, Equatable {
  /// Multiplies the latents (`scaling_factor`); finite and not 0.
  public let factor: Float
  /// Taken from the latents before they are multiplied (`shift_factor`); finite.
  public let shift: Float
  /// One mean a channel of the packed latent (`latents_mean`), empty where the model has none.
  public let mean: [Float]
  /// One standard deviation a channel of the packed latent (`latents_std`), not 0, empty where the
  /// model has none.
  public let standardDeviation: [Float]
  /// Side of the squares of values that have statistics of their own, and that diffusion models see
  /// as channels: 2 for FLUX.2, 1 for all others.
  public let patchSize: Int

  /// A scaling by a factor, after a shift.
  public init(factor: Float, shift: Float = 0) {
    self.init(factor: factor, shift: shift, mean: [], standardDeviation: [])
  }

  /// A scaling by statistics of the channels, which then stand in for the shift.
  public init(
    factor: Float, shift: Float, mean: [Float], standardDeviation: [Float], patchSize: Int = 1
  ) {
    self.factor = factor
    self.shift = shift
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.patchSize = patchSize
  }

  /// The scaling that a config.json states; nil where there is none, or where tensors state it.
  init?(_ config: any AutoencoderFamily) {
    guard let stated = config.statedScaling else { return nil }
    self.init(
      factor: stated.factor, shift: stated.shift, mean: stated.mean,
      standardDeviation: stated.standardDeviation)
  }

  /// Whether the scaling can be applied to `channels` channels and undone.
  func isUsable(channels: Int) -> Bool {
    factor.isFinite && factor != 0 && shift.isFinite && (1...2).contains(patchSize)
      && mean.count == standardDeviation.count
      && [0, channels * patchSize * patchSize].contains(mean.count)
      && mean.allSatisfy(\.isFinite) && standardDeviation.allSatisfy { $0.isFinite && $0 != 0 }
  }

  /// Raw latents `[channels, height, width]` in the units that a diffusion model sees, in the
  /// pipelines' order of operations; not packed.
  ///
  /// - Precondition: the count of `raw` is a multiple of `channels · width`.
  public func scaled(_ raw: [Float], channels: Int, width: Int) -> [Float] {
    map(raw, channels, width) { value, index in
      mean.isEmpty
        ? (value - shift) * factor
        : (value - mean[index]) * factor / standardDeviation[index]
    }
  }

  /// Scaled latents `[channels, height, width]`, not packed, as the full-size VAE decodes them.
  ///
  /// - Precondition: the count of `scaled` is a multiple of `channels · width`.
  public func raw(_ scaled: [Float], channels: Int, width: Int) -> [Float] {
    map(scaled, channels, width) { value, index in
      mean.isEmpty
        ? value / factor + shift
        : value * standardDeviation[index] / factor + mean[index]
    }
  }

  /// Calls `transform` with each value and the number of its statistics.
  private func map(
    _ values: [Float], _ channels: Int, _ width: Int,
    _ transform: (_ value: Float, _ index: Int) -> Float
  ) -> [Float] {
    precondition(
      channels > 0 && width > 0 && values.count % (channels * width) == 0,
      "\(values.count) values are no whole number of rows of \(width) in \(channels) channels")
    let planeCount = max(values.count / channels, 1)
    return values.indices.map { position in
      let (channel, pixel) = position.quotientAndRemainder(dividingBy: planeCount)
      let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
      let patch = row % patchSize * patchSize + column % patchSize
      return transform(values[position], channel * patchSize * patchSize + patch)
    }
  }
}
