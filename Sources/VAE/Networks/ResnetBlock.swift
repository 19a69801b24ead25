/// Two normalised 3x3 convolutions around which the input is carried.
///
/// - SeeAlso: diffusers `models/resnet.py`, `ResnetBlock2D` without a time embedding.
struct ResnetBlock {
  /// The block's name in the checkpoint.
  let name: String
  let outChannels: Int
  let groups: Int
  let epsilon: Float

  /// Appends the block: `[inChannels, h, w]` to `[outChannels, h, w]`.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ input: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    let inChannels = builder.channels(of: input)
    let norm1 = try builder.groupNorm(
      "\(name).norm1", channels: inChannels, groups: groups, epsilon: epsilon)
    let hidden = try builder.convolution(
      "\(name).conv1", input, outChannels: outChannels, kernelSize: 3
    ) {
      $0.norm = norm1
      $0.inputActivation = .silu
    }
    // The shortcut sees the raw input: neither normalised nor activated.
    let shortcut =
      inChannels == outChannels
      ? input
      : try builder.convolution(
        "\(name).conv_shortcut", input, outChannels: outChannels, kernelSize: 1)
    let norm2 = try builder.groupNorm(
      "\(name).norm2", channels: outChannels, groups: groups, epsilon: epsilon)
    return try builder.convolution(
      "\(name).conv2", hidden, outChannels: outChannels, kernelSize: 3, residual: shortcut
    ) {
      $0.norm = norm2
      $0.inputActivation = .silu
    }
  }
}
