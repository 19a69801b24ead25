/// The encoder of an `AutoencoderKL` and the 1x1 convolution after it: from a picture to the moments
/// of its latent.
///
/// - SeeAlso: diffusers `models/autoencoders/vae.py`, `Encoder`.
struct EncoderKL {
  let config: AutoencoderKLConfig

  /// Appends the network: `[3, H, W]` in -1...1 to `[2 · latentChannels, H / f, W / f]`, the means
  /// and then the log-variances.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ image: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    let groups = config.normNumGroups
    let epsilon = AutoencoderKLConfig.normEpsilon
    let widths = config.blockOutChannels
    var x = try builder.convolution(
      "encoder.conv_in", image, outChannels: widths[0], kernelSize: 3)
    for (level, width) in widths.enumerated() {
      let name = "encoder.down_blocks.\(level)"
      for layer in 0..<config.layersPerBlock {
        x = try ResnetBlock(
          name: "\(name).resnets.\(layer)", outChannels: width, groups: groups, epsilon: epsilon)(
            x, in: &builder)
      }
      if level < widths.count - 1 {
        x = try builder.convolution(
          "\(name).downsamplers.0.conv", x, outChannels: width, kernelSize: 3
        ) {
          $0.stride = 2
          $0.padding = .bottomRight
        }
      }
    }
    x = try MidBlock(
      name: "encoder.mid_block", hasAttention: config.midBlockAddAttention, groups: groups,
      epsilon: epsilon)(x, in: &builder)
    let norm = try builder.groupNorm(
      "encoder.conv_norm_out", channels: builder.channels(of: x), groups: groups, epsilon: epsilon)
    x = try builder.convolution(
      "encoder.conv_out", x, outChannels: 2 * config.latentChannels, kernelSize: 3
    ) {
      $0.norm = norm
      $0.inputActivation = .silu
    }
    guard config.useQuantConv else { return x }
    return try builder.convolution(
      "quant_conv", x, outChannels: 2 * config.latentChannels, kernelSize: 1)
  }
}
