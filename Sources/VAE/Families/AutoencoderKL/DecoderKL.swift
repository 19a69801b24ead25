/// The decoder of an `AutoencoderKL` and the 1x1 convolution before it: from a raw latent to a
/// picture.
///
/// - SeeAlso: diffusers `models/autoencoders/vae.py`, `Decoder`.
struct DecoderKL {
  let config: AutoencoderKLConfig

  /// Appends the network: `[latentChannels, h, w]` to `[3, h · f, w · f]`, about -1...1, not clamped.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ latent: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    let groups = config.normNumGroups
    let epsilon = AutoencoderKLConfig.normEpsilon
    let widths = Array(config.decoderBlockOutChannels.reversed())
    var x = latent
    if config.usePostQuantConv {
      x = try builder.convolution(
        "post_quant_conv", x, outChannels: config.latentChannels, kernelSize: 1)
    }
    x = try builder.convolution("decoder.conv_in", x, outChannels: widths[0], kernelSize: 3)
    x = try MidBlock(
      name: "decoder.mid_block", hasAttention: config.midBlockAddAttention, groups: groups,
      epsilon: epsilon)(x, in: &builder)
    for (level, width) in widths.enumerated() {
      let name = "decoder.up_blocks.\(level)"
      for layer in 0...config.decoderLayersPerBlock {
        x = try ResnetBlock(
          name: "\(name).resnets.\(layer)", outChannels: width, groups: groups, epsilon: epsilon)(
            x, in: &builder)
      }
      if level < widths.count - 1 {
        x = try builder.convolution(
          "\(name).upsamplers.0.conv", x, outChannels: width, kernelSize: 3
        ) { $0.upsampling = .nearest }
      }
    }
    let norm = try builder.groupNorm(
      "decoder.conv_norm_out", channels: builder.channels(of: x), groups: groups, epsilon: epsilon)
    return try builder.convolution("decoder.conv_out", x, outChannels: 3, kernelSize: 3) {
      $0.norm = norm
      $0.inputActivation = .silu
    }
  }
}
