/// The maps from scaled latents to colours, fitted by `Tests/Reference/fit_preview.py`: for Stable
/// Diffusion to latents of the built-in model, for the others to those of the tiny autoencoders.
extension PreviewColors {
  /// The map of a family; nil for one that none was fitted for.
  init?(_ family: LatentFamily) {
    switch family {
    case .sd: self = .stableDiffusion
    case .sdX4, .sdxl, .sd3, .flux1, .flux2, .playground, .cogview: return nil
    }
  }

  /// Stable Diffusion 1 and 2: 22.1 dB on photographs that were not fitted.
  private static let stableDiffusion = PreviewColors(
    bias: [0.4697, 0.4362, 0.4074],
    weights: [
      [0.1765, 0.1402, 0.1280],
      [0.0956, 0.1464, 0.0630],
      [-0.0866, 0.0884, 0.1120],
      [-0.1065, -0.1394, -0.2958],
    ])
}
