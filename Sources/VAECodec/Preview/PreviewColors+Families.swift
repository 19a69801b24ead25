/// The maps from scaled latents to colours, as `Tests/Reference/fit_preview.py` prints them: for Stable
/// Diffusion fitted to latents of the built-in model, for the others to those of the tiny autoencoders.
extension PreviewColors {
  /// The map of a family; nil for one that none was fitted for.
  init?(_ family: LatentFamily) {
    switch family {
    case .sd: self = .sd
    case .sdxl: self = .sdxl
    case .sd3: self = .sd3
    case .flux1: self = .flux1
    case .sdX4, .flux2, .playground, .cogview: return nil
    }
  }

  /// 22.1 dB on photographs that were not fitted.
  private static let sd = PreviewColors(
    bias: [0.4697, 0.4362, 0.4074],
    weights: [
      [0.1765, 0.1402, 0.1280],
      [0.0956, 0.1464, 0.0630],
      [-0.0866, 0.0884, 0.1120],
      [-0.1065, -0.1394, -0.2958],
    ])

  /// 20.8 dB on photographs that were not fitted.
  private static let sdxl = PreviewColors(
    bias: [0.5380, 0.4924, 0.4636],
    weights: [
      [0.1856, 0.2021, 0.2183],
      [-0.1107, -0.0023, 0.0397],
      [0.0495, 0.0476, -0.0183],
      [-0.1533, -0.1190, -0.1148],
    ])

  /// 25.2 dB on photographs that were not fitted.
  private static let sd3 = PreviewColors(
    bias: [0.5402, 0.5385, 0.5173],
    weights: [
      [-0.0182, 0.0183, 0.0603],
      [-0.0068, 0.0131, 0.0348],
      [0.0671, 0.0152, -0.0078],
      [0.0539, 0.0223, 0.0508],
      [0.0343, 0.0175, -0.0199],
      [0.0073, 0.0699, 0.0177],
      [0.0746, 0.0327, 0.0383],
      [-0.0228, 0.0393, 0.0574],
      [-0.0449, -0.0290, 0.0097],
      [-0.0166, 0.0172, -0.0003],
      [0.0171, 0.0208, 0.0272],
      [-0.0094, 0.0365, -0.0258],
      [0.0075, 0.0112, 0.0354],
      [-0.0135, -0.0069, -0.0525],
      [-0.0364, -0.0294, -0.0186],
      [-0.0444, -0.0444, -0.0353],
    ])

  /// 24.0 dB on photographs that were not fitted.
  private static let flux1 = PreviewColors(
    bias: [0.4881, 0.4682, 0.4434],
    weights: [
      [-0.0130, 0.0206, 0.0448],
      [0.0051, 0.0170, 0.0360],
      [0.0254, -0.0264, -0.0145],
      [-0.0134, 0.0062, 0.0292],
      [0.0388, 0.0303, 0.0104],
      [-0.0023, 0.0180, 0.0084],
      [0.0211, 0.0419, 0.0374],
      [-0.0177, -0.0203, -0.0255],
      [-0.0238, -0.0016, 0.0516],
      [0.0534, 0.0412, -0.0251],
      [-0.0013, 0.0360, 0.0223],
      [0.0483, 0.0191, 0.0166],
      [0.0284, 0.0236, 0.0271],
      [-0.0647, -0.0150, -0.0592],
      [-0.0041, -0.0397, -0.0168],
      [-0.0572, -0.0428, -0.0319],
    ])
}
