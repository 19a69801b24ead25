/// The encoder of an `AutoencoderTiny`: from a picture to a scaled latent.
///
/// - SeeAlso: diffusers `models/autoencoders/vae.py`, `EncoderTiny`.
struct EncoderTiny {
  let config: AutoencoderTinyConfig

  /// Appends the network: `[3, H, W]` in -1...1 to `[latentChannels, ceil(H / f), ceil(W / f)]`.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ image: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    var layer = 0
    func nextName() -> String {
      defer { layer += 1 }
      return "encoder.layers.\(layer)"
    }
    var x = image
    for (level, width) in config.encoderBlockOutChannels.enumerated() {
      // The first convolution has a bias, those of stride 2 have none.
      x = try builder.convolution(
        nextName(), x, outChannels: width, kernelSize: 3, hasBias: level == 0
      ) {
        if level == 0 {
          // The network was trained on pictures in 0...1.
          $0.inputActivation = .affine(scale: 0.5, shift: 0.5)
        } else {
          $0.stride = 2
        }
      }
      for _ in 0..<config.numEncoderBlocks[level] {
        x = try TinyBlock(name: nextName(), outChannels: width, activation: config.activation)(
          x, in: &builder)
      }
    }
    return try builder.convolution(
      nextName(), x, outChannels: config.latentChannels, kernelSize: 3)
  }
}
