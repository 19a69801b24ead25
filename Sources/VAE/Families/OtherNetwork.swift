/// Networks that files without an autoencoder hold, so that those are refused by what they are.
///
/// - SeeAlso: kohya-ss/sd-scripts `networks`, for LoRAs; lllyasviel/ControlNet and LayerDiffuse; diffusers
///   `loaders/single_file_utils.py`, for the names in whole checkpoints.
enum OtherNetwork: String, CaseIterable {
  case layerDiffuse = "LayerDiffuse's decoder of transparency"
  case lora = "a LoRA or the like"
  case controlNet = "a ControlNet"
  case unet = "the UNet of a diffusion model"
  case transformer = "the transformer of a diffusion model"
  case textEncoder = "a text encoder"

  /// Parts of names that are signs of the network.
  private var signs: [String] {
    switch self {
    case .layerDiffuse: ["latent_conv_in."]
    case .lora: [".lora_", ".lora.", ".lokr_", ".hada_", "lora_unet_", "lora_te"]
    case .controlNet:
      ["controlnet_cond_embedding.", "controlnet_down_blocks.", "input_hint_block.", "zero_convs."]
    case .unet: ["input_blocks.", "output_blocks.", "time_embedding.", "time_emb_proj."]
    case .transformer:
      [
        "double_blocks.", "joint_blocks.", "double_layers.", "x_embedder.", "patch_embedding.",
        "transformer_blocks.", "adaLN_modulation.", "adaln_single.",
      ]
    case .textEncoder:
      [
        "text_model.", "SelfAttention.", "embed_tokens.", "token_embedding.", "cond_stage_model.",
        "conditioner.embedders.", "transformer.resblocks.",
      ]
    }
  }

  /// Those that every sign of what a network may have besides stands for.
  private static let exclusive: Set<OtherNetwork> = [.layerDiffuse, .lora, .controlNet]
  /// Names that are shown where nothing is known of them.
  private static let exampleCount = 3

  /// What a file whose tensors are called `names` holds instead of an autoencoder, in words.
  static func description(_ names: some Collection<String>) -> String {
    let found = allCases.filter { network in
      names.contains { name in network.signs.contains { name.contains($0) } }
    }
    if let network = found.first(where: exclusive.contains) ?? found.first {
      let others = exclusive.contains(network) ? [] : found.dropFirst()
      let words = ([network] + others).map(\.rawValue).joined(separator: " and ")
      return "holds \(words), no autoencoder"
    }
    let nothing = "holds no tensor of an autoencoder"
    let examples = names.sorted().prefix(exampleCount).map { "`\($0.escapedForTerminal)`" }
    guard !examples.isEmpty else { return nothing }
    let more = names.count - examples.count
    return nothing + ", only " + examples.joined(separator: ", ")
      + (more == 0 ? "" : " and \(more) more")
  }
}
