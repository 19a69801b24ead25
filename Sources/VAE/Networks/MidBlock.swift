/// The blocks at the lowest resolution: resnet, attention where the model has it, resnet.
///
/// - SeeAlso: diffusers `models/unets/unet_2d_blocks.py`, `UNetMidBlock2D`.
struct MidBlock {
  /// The block's name in the checkpoint.
  let name: String
  let hasAttention: Bool
  let groups: Int
  let epsilon: Float

  /// Appends the block, which keeps the shape.
  ///
  /// - Throws: `WeightsError`.
  func callAsFunction(_ input: Graph.Value, in builder: inout GraphBuilder) throws -> Graph.Value {
    let channels = builder.channels(of: input)
    func resnet(_ index: Int) -> ResnetBlock {
      ResnetBlock(
        name: "\(name).resnets.\(index)", outChannels: channels, groups: groups, epsilon: epsilon)
    }
    var x = try resnet(0)(input, in: &builder)
    if hasAttention {
      x = try AttentionBlock(name: "\(name).attentions.0", groups: groups, epsilon: epsilon)(
        x, in: &builder)
    }
    return try resnet(1)(x, in: &builder)
  }
}
