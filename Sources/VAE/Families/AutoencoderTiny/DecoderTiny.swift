/// The decoder of an `AutoencoderTiny`: from a scaled latent to a picture.
///
/// - SeeAlso: diffusers `models/autoencoders/vae.py`, `DecoderTiny`.
struct DecoderTiny {
  let config: AutoencoderTinyConfig

  /// Appends the network: `[latentChannels, h, w]` to `[3, h · f, w · f]`, about -1...1, not clamped.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ latent: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    // Layers without tensors, which still have numbers: the activation after the first convolution and the
    // upsampling before the last convolution of a level.
    var layer = 0
    func nextName(skipping skipped: Int = 0) -> String {
      defer { layer += 1 + skipped }
      return "decoder.layers.\(layer)"
    }
    let widths = config.decoderBlockOutChannels
    var x = try builder.convolution(
      nextName(skipping: 1), latent, outChannels: widths[0], kernelSize: 3
    ) {
      $0.inputActivation = .softClamp(limit: AutoencoderTinyConfig.latentMagnitude)
      $0.outputActivation = config.activation
    }
    for (level, width) in widths.enumerated() {
      let isLast = level == widths.count - 1
      for _ in 0..<config.numDecoderBlocks[level] {
        x = try TinyBlock(name: nextName(), outChannels: width, activation: config.activation)(
          x, in: &builder)
      }
      if !isLast { layer += 1 }
      x = try builder.convolution(
        nextName(), x, outChannels: isLast ? 3 : width, kernelSize: 3, hasBias: isLast
      ) {
        if !isLast { $0.upsampling = .nearest }
        // The network makes pictures in 0...1.
        if isLast { $0.outputActivation = .affine(scale: 2, shift: -1) }
      }
    }
    return x
  }
}
