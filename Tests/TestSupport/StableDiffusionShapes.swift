/// The tensors of Stable Diffusion's full-size autoencoder by name and extents: the list of the
/// published checkpoint.
package enum StableDiffusionShapes {
  private static let widths = [128, 256, 512, 512]

  /// A tensor's name and its extents.
  package typealias Entry = (name: String, shape: [Int])

  /// All 248 tensors.
  package static var all: [Entry] {
    convolution("quant_conv", 8, 8, 1) + convolution("post_quant_conv", 4, 4, 1) + encoder + decoder
  }

  /// The configuration, as config.json.
  package static let configuration = """
    {"_class_name":"AutoencoderKL","block_out_channels":[128,256,512,512],"layers_per_block":2,
    "down_block_types":["DownEncoderBlock2D","DownEncoderBlock2D","DownEncoderBlock2D",
    "DownEncoderBlock2D"],"up_block_types":["UpDecoderBlock2D","UpDecoderBlock2D",
    "UpDecoderBlock2D","UpDecoderBlock2D"]}
    """

  private static var encoder: [Entry] {
    var entries = convolution("encoder.conv_in", 3, 128, 3)
    for (level, width) in widths.enumerated() {
      let name = "encoder.down_blocks.\(level)"
      entries += resnet("\(name).resnets.0", level == 0 ? 128 : widths[level - 1], width)
      entries += resnet("\(name).resnets.1", width, width)
      if level < 3 { entries += convolution("\(name).downsamplers.0.conv", width, width, 3) }
    }
    return entries + ends("encoder", 512, 8)
  }

  private static var decoder: [Entry] {
    let reversed = Array(widths.reversed())
    var entries = convolution("decoder.conv_in", 4, 512, 3)
    for (level, width) in reversed.enumerated() {
      let name = "decoder.up_blocks.\(level)"
      entries += resnet("\(name).resnets.0", level == 0 ? 512 : reversed[level - 1], width)
      entries += resnet("\(name).resnets.1", width, width)
      entries += resnet("\(name).resnets.2", width, width)
      if level < 3 { entries += convolution("\(name).upsamplers.0.conv", width, width, 3) }
    }
    return entries + ends("decoder", 128, 3)
  }

  /// The middle block and the last layers of a half.
  private static func ends(_ half: String, _ width: Int, _ outChannels: Int) -> [Entry] {
    let attention = "\(half).mid_block.attentions.0"
    return resnet("\(half).mid_block.resnets.0", 512, 512)
      + resnet("\(half).mid_block.resnets.1", 512, 512) + norm("\(attention).group_norm", 512)
      + ["to_q", "to_k", "to_v", "to_out.0"].flatMap {
        [("\(attention).\($0).weight", [512, 512]), ("\(attention).\($0).bias", [512])]
      } + norm("\(half).conv_norm_out", width)
      + convolution("\(half).conv_out", width, outChannels, 3)
  }

  private static func resnet(_ name: String, _ inChannels: Int, _ outChannels: Int) -> [Entry] {
    norm("\(name).norm1", inChannels) + convolution("\(name).conv1", inChannels, outChannels, 3)
      + norm("\(name).norm2", outChannels)
      + convolution("\(name).conv2", outChannels, outChannels, 3)
      + (inChannels == outChannels
        ? [] : convolution("\(name).conv_shortcut", inChannels, outChannels, 1))
  }

  private static func norm(_ name: String, _ channels: Int) -> [Entry] {
    [("\(name).weight", [channels]), ("\(name).bias", [channels])]
  }

  private static func convolution(
    _ name: String, _ inChannels: Int, _ outChannels: Int, _ kernelSize: Int
  ) -> [Entry] {
    [
      ("\(name).weight", [outChannels, inChannels, kernelSize, kernelSize]),
      ("\(name).bias", [outChannels]),
    ]
  }
}

extension TemporaryFolder {
  /// Makes the folder one of Stable Diffusion's full-size autoencoder, whose weights are zeros that
  /// take no room on the disk.
  package func writeStableDiffusion() throws {
    try write(Array(StableDiffusionShapes.configuration.utf8), to: "config.json")
    let (head, byteCount) = SafetensorsBuilder.header(
      StableDiffusionShapes.all, type: .f16)
    _ = try writeSparse(
      head, byteCount: byteCount, to: "diffusion_pytorch_model.safetensors")
  }
}
