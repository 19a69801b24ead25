import VAE

/// What the metadata of other programs' safetensors files say of a latent's space.
///
/// - SeeAlso: musubi-tuner `dataset/cache_io.py`, for `architecture`; ai-toolkit
///   `toolkit/dataloader_mixins.py`, for `latent_space_version`; ComfyUI `nodes.py`, for `prompt` and
///   `workflow`.
extension SpaceClaim {
  private static let architectures = [
    "architecture", "latent_space_version", "modelspec.architecture",
  ]
  /// What people call the model besides; other things may stand there too.
  private static let models = [
    "ss_base_model_version", "base_model", "model", "model_name", "model_id", "model_type",
    "pretrained_model_name_or_path", "vae", "vae_name", "vae_model", "latent_space",
  ]

  /// The claims of `metadata`, the surest first.
  static func claims(of metadata: [String: String]) -> [SpaceClaim] {
    let named =
      architectures.compactMap { metadata[$0] }.map { SpaceClaim(.metadata, [$0], isName: true) }
      + models.compactMap { metadata[$0] }.map { SpaceClaim(.metadata, [$0]) }
    // The prompt is what was run; it is left out of few files.
    let loaded = ["prompt", "workflow"].lazy.compactMap { metadata[$0] }.map(models).first {
      !$0.isEmpty
    }
    return named + (loaded.map { [SpaceClaim(.workflow, $0)] } ?? [])
  }

  /// The names of the models that a prompt or a workflow of ComfyUI loads.
  private static func models(of text: String) -> [String] {
    // Python writes what JSON has no word for.
    let json = text.replacing("NaN", with: "null").replacing("Infinity", with: "0")
    guard let tree = JSONTree(json) else { return [] }
    let nodes = tree.members["nodes"]?.items ?? Array(tree.members.values)
    return nodes.flatMap(models).sorted()
  }

  /// The keys of a prompt's inputs that name a diffusion model, a checkpoint or a VAE.
  private static let inputs: Set<String> = [
    "ckpt_name", "vae_name", "unet_name", "model_name", "model_path", "base_ckpt_name", "model",
    "vae",
    "diffusion_model", "checkpoint",
  ]
  /// Parts of the types of nodes whose models make no latents.
  private static let others = ["lora", "clip", "controlnet", "upscale", "style", "detect"]

  private static func models(of node: JSONTree) -> [String] {
    let type = (node.members["class_type"] ?? node.members["type"])?.text?.lowercased() ?? ""
    guard !others.contains(where: type.contains) else { return [] }
    let named =
      node.members["inputs"]?.members.filter { inputs.contains($0.key) }.map(\.value) ?? []
    let widgets = type.contains("load") ? node.members["widgets_values"]?.items ?? [] : []
    return (named + widgets).compactMap(\.text)
  }
}
