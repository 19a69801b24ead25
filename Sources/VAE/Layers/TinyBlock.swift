/// Three 3x3 convolutions with ReLUs around which the input is carried.
///
/// - SeeAlso: diffusers `models/autoencoders/vae.py`, `AutoencoderTinyBlock`.
struct TinyBlock {
  /// The block's name in the checkpoint.
  let name: String
  let outChannels: Int
  /// The activation between the convolutions; the one after the addition is always ReLU.
  let activation: Activation

  /// Appends the block: `[inChannels, h, w]` to `[outChannels, h, w]`.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ input: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    let skip =
      builder.channels(of: input) == outChannels
      ? input
      : try builder.convolution(
        "\(name).skip", input, outChannels: outChannels, kernelSize: 1, hasBias: false)
    var x = input
    for layer in ["conv.0", "conv.2"] {
      x = try builder.convolution("\(name).\(layer)", x, outChannels: outChannels, kernelSize: 3) {
        $0.outputActivation = activation
      }
    }
    return try builder.convolution(
      "\(name).conv.4", x, outChannels: outChannels, kernelSize: 3, residual: skip
    ) { $0.outputActivation = .relu }
  }
}
