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
    let input = try pooled(input, in: &builder)
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

  /// The input with what a normalised bottleneck adds to it: the first step of the blocks at the
  /// latent's resolution in autoencoders for FLUX.2, and of no others.
  ///
  /// - SeeAlso: madebyollin/taesd `taesd.py`, `Block` with `use_midblock_gn`, for groups and epsilon.
  private func pooled(
    _ input: Graph.Value, in builder: inout GraphBuilder
  ) throws -> Graph.Value {
    guard let shape = builder.shape(of: "\(name).pool.0.weight"), let width = shape.first else {
      return input
    }
    let hidden = try builder.convolution(
      "\(name).pool.0", input, outChannels: width, kernelSize: 1, hasBias: false)
    let norm = try builder.groupNorm(
      "\(name).pool.1", channels: width, groups: 4, epsilon: 1e-5)
    return try builder.convolution(
      "\(name).pool.3", hidden, outChannels: builder.channels(of: input), kernelSize: 1,
      hasBias: false, residual: input
    ) {
      $0.norm = norm
      $0.inputActivation = .relu
    }
  }
}
