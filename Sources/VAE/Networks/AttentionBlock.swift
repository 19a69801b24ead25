/// Self-attention of one head over all pixels, around which the input is carried.
///
/// - SeeAlso: diffusers `models/attention_processor.py`, `Attention` as `UNetMidBlock2D` makes it.
struct AttentionBlock {
  /// The block's name in the checkpoint.
  let name: String
  let groups: Int
  let epsilon: Float

  /// Appends the block, which keeps the shape.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ input: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    let channels = builder.channels(of: input)
    let norm = try builder.groupNorm(
      "\(name).group_norm", channels: channels, groups: groups, epsilon: epsilon)
    let projections = try ["to_q", "to_k", "to_v"].map { projection in
      try builder.convolution(
        "\(name).\(projection)", input, outChannels: channels, kernelSize: 1, isLinear: true
      ) { $0.norm = norm }
    }
    let attended = builder.attention(
      name, queries: projections[0], keys: projections[1], values: projections[2])
    return try builder.convolution(
      "\(name).to_out.0", attended, outChannels: channels, kernelSize: 1, isLinear: true,
      residual: input)
  }
}
