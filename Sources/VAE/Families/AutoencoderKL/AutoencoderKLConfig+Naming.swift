/// The names of the tensors of an `AutoencoderKL`: diffusers', early diffusers', and those of CompVis'
/// latent-diffusion, which Black Forest Labs' code has too.
///
/// - SeeAlso: diffusers `loaders/single_file_utils.py`, `convert_ldm_vae_checkpoint`, and
///   `models/modeling_utils.py`, `_fix_state_dict_keys_on_load`.
extension AutoencoderKLConfig {
  package static let nameRules = [
    NameRule(.start, "encoder.quant_conv", "quant_conv"),
    NameRule(.start, "decoder.post_quant_conv", "post_quant_conv"),
    NameRule(.half, "norm_out", "conv_norm_out"),
    NameRule(.half, "mid.block_1", "mid_block.resnets.0"),
    NameRule(.half, "mid.block_2", "mid_block.resnets.1"),
    NameRule(.half, "mid.attn_1", "mid_block.attentions.0"),
    NameRule(.half, "down.#.block.#", "down_blocks.#.resnets.#"),
    NameRule(.half, "down.#.downsample", "down_blocks.#.downsamplers.0"),
    NameRule(.half, "down.#.attn.#", "down_blocks.#.attentions.#"),
    NameRule(.half, "up.^.attn.#", "up_blocks.^.attentions.#"),
    NameRule(.half, "up.^.block.#", "up_blocks.^.resnets.#"),
    NameRule(.half, "up.^.upsample", "up_blocks.^.upsamplers.0"),
    NameRule(.resnet, "nin_shortcut", "conv_shortcut"),
    NameRule(.attention, "norm", "group_norm"),
    NameRule(.attention, "q", "to_q"),
    NameRule(.attention, "k", "to_k"),
    NameRule(.attention, "v", "to_v"),
    NameRule(.attention, "proj_out", "to_out.0"),
    NameRule(.attention, "query", "to_q"),
    NameRule(.attention, "key", "to_k"),
    NameRule(.attention, "value", "to_v"),
    NameRule(.attention, "proj_attn", "to_out.0"),
  ]

  package static let originalStyle: NameStyle? = NameStyle(name: "latent-diffusion", place: .half)

  package static let reversedBlocks: ReversedBlocks? = ReversedBlocks(
    spelling: ["decoder", "up"], canonical: ["decoder", "up_blocks"])

  /// Playground's, which say how its latents are scaled.
  package static let companions: Set<String> = ["edm_mean", "edm_std"]

  package static let outerParts: Set<String> = ["quant_conv", "post_quant_conv", "bn"]

  /// What follows "encoder" or "decoder".
  private static let innerParts: Set<String> = [
    "conv_in", "conv_out", "conv_norm_out", "mid_block", "down_blocks", "up_blocks",
  ]

  /// The encoder of masked pictures in the decoder of an `AsymmetricAutoencoderKL`.
  package static func isUnused(_ name: [String]) -> Bool {
    name.last == "num_batches_tracked" || name.starts(with: ["decoder", "condition_encoder"])
  }

  package static func pictureLayer(of half: AutoencoderHalf, among names: [String]) -> String? {
    half == .encoder ? "encoder.conv_in" : "decoder.conv_out"
  }

  package static func isPart(_ name: [String]) -> Bool {
    guard name.count > 1, let last = name.last else { return false }
    if name[0] == "bn" { return ["running_mean", "running_var"].contains(last) }
    guard ["weight", "bias"].contains(last) else { return false }
    if outerParts.contains(name[0]) { return name.count == 2 }
    return name.count > 2 && AutoencoderHalf(rawValue: name[0]) != nil
      && innerParts.contains(name[1])
  }

  package static func impliedHalf(_ first: Set<String>) -> ImpliedHalf? {
    guard first.isDisjoint(with: ["encoder", "decoder"]), first.isSuperset(of: ["conv_in", "mid"])
    else { return nil }
    let half: AutoencoderHalf? =
      first.contains("up") ? .decoder : first.contains("down") ? .encoder : nil
    return half.map { ImpliedHalf(half: $0, component: $0.rawValue, isPaired: false) }
  }
}
