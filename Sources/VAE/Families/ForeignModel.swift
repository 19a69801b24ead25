/// Kinds of models whose tensors resemble those of other autoencoders. A file that shows signs of one is
/// refused by what it is, unless its family claims the kind.
///
/// - SeeAlso: diffusers `models/autoencoders`, the classes for video, `vq_model.py`,
///   `autoencoder_dc.py`, `autoencoder_kl_hunyuanimage.py` and `consistency_decoder_vae.py`;
///   madebyollin/taehv `taehv.py`.
package enum ForeignModel: String, CaseIterable, Sendable {
  case video = "a video autoencoder, which has a time axis; only those of pictures are supported"
  case flatVideo =
    "a video autoencoder of Wan's or Qwen-Image's kind, cut to pictures; it is not supported"
  case tinyVideo = "a tiny autoencoder of videos (TAEHV); only those of pictures are supported"
  case quantizedLatents = "a VQ model, which has a codebook; only KL autoencoders are supported"
  case consistency =
    "a consistency decoder, which is a diffusion model of its own and not supported"
  case deepCompression = "a deep-compression autoencoder (DC-AE), which is not supported"
  case hunyuanImage =
    "an autoencoder of HunyuanImage's kind, which gathers pixels in channels; it is not supported"
  case levelAttention =
    "a KL model with attention in its levels, not in the middle only; it is not supported"
  case channelsLast =
    "weights in the layout of MLX, [out, height, width, in]; take the file for PyTorch instead"
  case quantizedWeights =
    "a quantised checkpoint, whose weights have scales of their own; only plain ones are supported"

  /// Components of names that give a kind away.
  private static let words: [(ForeignModel, Set<String>)] = [
    (.video, ["time_mix", "time_mixer", "mix_factor", "per_channel_statistics", "time_conv"]),
    (.flatVideo, ["gamma", "to_qkv", "residual"]),
    (.quantizedLatents, ["quantize", "quantizer", "vquantizer", "codebook"]),
    (.consistency, ["decoder_unet"]),
    (.deepCompression, ["project_in", "project_out", "stages"]),
    (.channelsLast, ["conv2d"]),
    (
      .quantizedWeights,
      ["scaled_fp8", "absmax", "quant_map", "quant_state", "qweight", "qzeros", "comfy_quant"]
    ),
  ]

  /// First components of names beside the two halves that are signs; whatever else stands there is of
  /// something else, such as a loss or a text encoder.
  private static let outerWords: Set<String> = [
    "per_channel_statistics", "quantize", "quantizer", "vquantizer", "codebook", "decoder_unet",
    "scaled_fp8",
  ]

  /// Whether a name that does not stand among those of the networks is a sign all the same.
  static func isSign(beside name: [String]) -> Bool {
    name.first.map(outerWords.contains) ?? false
  }

  /// The components of a name from that of a half on, of a file whose names no family knows; empty if
  /// none of them is one.
  static func networkComponents(of name: String) -> [String] {
    Array(
      name.split(separator: ".").map(String.init)
        .drop { AutoencoderHalf(rawValue: $0) == nil && !outerWords.contains($0) })
  }

  /// The kind of the model that `tensors` are the tensors of, or nil if it is none of these.
  ///
  /// - Parameters:
  ///   - tensors: those of the networks and the signs beside, by the components of their names.
  ///   - claimed: kinds that do not count.
  init?(
    _ tensors: some Sequence<(name: [String], entry: WeightsFile.Entry)>,
    except claimed: Set<ForeignModel>
  ) {
    var kinds: Set<ForeignModel> = []
    for (name, entry) in tensors { kinds.formUnion(Self.kinds(of: name, entry)) }
    kinds.subtract(claimed)
    guard let kind = Self.allCases.first(where: kinds.contains) else { return nil }
    self = kind
  }

  /// The kinds that a tensor shows signs of.
  ///
  /// - Parameters:
  ///   - name: the components of its name.
  ///   - entry: nil where the name is all that is known.
  static func kinds(of name: [String], _ entry: WeightsFile.Entry?) -> Set<ForeignModel> {
    var kinds: Set<ForeignModel> = []
    for (kind, words) in words where !words.isDisjoint(with: name) { kinds.insert(kind) }
    if name.contains(where: { $0.hasPrefix("temporal") }) { kinds.insert(.video) }
    if let kind = kind(ofBlock: name) { kinds.insert(kind) }
    // "weight_scale", "scale_input", "weight.scale", "weight_zero_point" and more of the kind.
    if name.dropFirst().contains(where: { $0.contains("scale") || $0.contains("zero_point") }) {
      kinds.insert(.quantizedWeights)
    }
    if let entry, name.last == "weight" {
      if entry.shape.count == 5 { kinds.insert(.video) }
      if isChannelsLast(entry.shape) { kinds.insert(.channelsLast) }
      if gathersChannels(name, entry.shape) { kinds.insert(.hunyuanImage) }
      if ["U8", "I8"].contains(entry.dtype) { kinds.insert(.quantizedWeights) }
    }
    return kinds
  }

  /// Components of names of attention layers, by latent-diffusion and by diffusers.
  private static let attentionParts: Set<String> = [
    "attn", "attentions", "q", "k", "v", "to_q", "to_k", "to_v", "query", "key", "value",
  ]

  /// The kind that a name shows by what stands where an `AutoencoderKL` has its blocks.
  private static func kind(ofBlock name: [String]) -> ForeignModel? {
    guard name.count > 3, AutoencoderHalf(rawValue: name[0]) != nil else { return nil }
    // Layers that halve or double the number of pictures are all convolution.
    if name.count == 4, name[1].pathNumber != nil, name[2] == "conv" { return .tinyVideo }
    guard ["down_blocks", "up_blocks", "down", "up"].contains(name[1]), name[2].pathNumber != nil
    else { return nil }
    // diffusers' DC-AE has its blocks right in the levels, HunyuanImage's their layers.
    if name[3].pathNumber != nil { return .deepCompression }
    if !attentionParts.isDisjoint(with: name[3...]) { return .levelAttention }
    return ["conv", "conv1", "conv2", "norm1", "norm2"].contains(name[3]) ? .hunyuanImage : nil
  }

  /// Whether a kernel is square only if its channels come last.
  private static func isChannelsLast(_ shape: [Int]) -> Bool {
    shape.count == 4 && shape[1] == shape[2] && [1, 3].contains(shape[1]) && shape[2] != shape[3]
      && ![1, 3].contains(shape[3])
  }

  /// Whether a layer between levels changes the number of channels.
  private static func gathersChannels(_ name: [String], _ shape: [Int]) -> Bool {
    let isBetween = !Set(name).isDisjoint(with: [
      "downsample", "upsample", "downsamplers", "upsamplers",
    ])
    return isBetween && shape.count == 4 && shape[0] != shape[1] && shape[2] == 3 && shape[3] == 3
  }
}
