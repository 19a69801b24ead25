import VAE

/// Which family's latents a model makes, where no configuration says it.
///
/// The shapes leave few families; among those, what stands in the files beside the tensors decides:
/// statistics, metadata, the networks around the autoencoder, and names. Where nothing decides, the
/// first is taken, and the others are told.
struct FamilyDetection {
  /// The family; nil if no family has latents of such a shape.
  let family: LatentFamily?
  /// Families that nothing rules out, where nothing told which it is.
  let alternatives: [LatentFamily]
}

extension FamilyDetection {
  /// What the files of a model tell.
  init(_ config: AutoencoderConfig, _ evidence: FamilyEvidence) {
    if let scaling = LatentScaling(config) {
      self.init(
        family: LatentFamily(channels: config.latentChannels, scaling: scaling), alternatives: [])
      return
    }
    switch config {
    case .kl(let config): self.init(config, evidence)
    case .tiny(let config): self.init(config, evidence)
    }
  }

  private init(_ config: AutoencoderKLConfig, _ evidence: FamilyEvidence) {
    let candidates = Self.candidates(config)
    let told =
      candidates.count == 1
      ? candidates.first
      : Self.family(among: candidates, statisticsOf: evidence)
        ?? Self.family(among: candidates, architecture: evidence.architecture)
        ?? Self.family(among: candidates, besideNames: evidence.tensorNames)
        ?? Self.family(among: candidates, names: evidence.names, Self.hints)
    self.init(
      family: told ?? candidates.first,
      alternatives: told == nil ? Array(candidates.dropFirst()) : [])
  }

  /// The names of the files tell what a tiny autoencoder serves, as the shapes are the same.
  private init(_ config: AutoencoderTinyConfig, _ evidence: FamilyEvidence) {
    let candidates = LatentFamily.allCases.filter { $0.channels == config.latentChannels }
    self.init(
      family: candidates.count == 1
        ? candidates.first
        : Self.family(among: candidates, names: evidence.names, Self.tinyHints),
      alternatives: [])
  }

  /// The families that have models of the shape of `config`, the likeliest first.
  private static func candidates(_ config: AutoencoderKLConfig) -> [LatentFamily] {
    switch (config.latentChannels, config.blockOutChannels.count) {
    case (4, 3): [.sdX4]
    case (4, _): [.sd, .sdxl, .playground]
    case (16, _): config.midBlockAddAttention ? [.flux1, .sd3] : [.cogview]
    case (32, _): [.flux2]
    default: []
    }
  }

  private static func family(
    among candidates: [LatentFamily], statisticsOf evidence: FamilyEvidence
  ) -> LatentFamily? {
    let hasStatistics = evidence.tensorNames.contains("edm_mean")
    return hasStatistics && candidates.contains(.playground) ? .playground : nil
  }

  private static func family(
    among candidates: [LatentFamily], architecture: String?
  ) -> LatentFamily? {
    guard let architecture else { return nil }
    return architectures.first {
      candidates.contains($0.1) && architecture.hasPrefix($0.0)
    }?.1
  }

  private static func family(
    among candidates: [LatentFamily], besideNames names: [String]
  ) -> LatentFamily? {
    neighbours.first { prefix, family in
      candidates.contains(family) && names.contains { $0.hasPrefix(prefix) }
    }?.1
  }

  private static func family(
    among candidates: [LatentFamily], names: [String], _ hints: [(String, LatentFamily)]
  ) -> LatentFamily? {
    names.lazy.compactMap { name in
      // A name that the shapes belie says nothing.
      hints.first { "/\(name)".contains($0.0) }.flatMap { candidates.contains($0.1) ? $0.1 : nil }
    }.first
  }

  /// Beginnings of `modelspec.architecture`.
  ///
  /// - SeeAlso: Stability-AI/ModelSpec, and kohya-ss/sd-scripts `library/sai_model_spec.py`.
  private static let architectures: [(String, LatentFamily)] = [
    ("stable-diffusion-xl", .sdxl), ("stable-diffusion-v3", .sd3), ("stable-diffusion-3", .sd3),
    ("stable-diffusion-v1", .sd), ("stable-diffusion-v2", .sd), ("flux", .flux1),
  ]

  /// Beginnings of names of other networks in one file with the autoencoder: text encoders and
  /// diffusion models.
  private static let neighbours: [(String, LatentFamily)] = [
    ("conditioner.embedders.1.", .sdxl), ("conditioner.embedders.0.model.transformer", .sdxl),
    ("cond_stage_model.", .sd), ("joint_blocks.", .sd3),
    ("model.diffusion_model.joint_blocks.", .sd3), ("double_blocks.", .flux1),
    ("model.diffusion_model.double_blocks.", .flux1),
  ]

  /// Parts of names of files and folders, the more special first; a slash is the beginning of a name.
  private static let hints: [(String, LatentFamily)] = [
    ("playground-v2.5", .playground), ("sdxl", .sdxl), ("-xl", .sdxl), ("_xl", .sdxl),
    ("vae-ft-", .sd),
    ("stable-diffusion-v1", .sd), ("stable-diffusion-2", .sd), ("v1-5", .sd), ("sd15", .sd),
    ("sd3", .sd3), ("stable-diffusion-3", .sd3), ("flux", .flux1), ("/ae.safetensors", .flux1),
    ("/ae.sft", .flux1),
  ]

  /// Parts of the names of tiny autoencoders; "taesd" begins two others.
  ///
  /// - SeeAlso: madebyollin/taesd, whose files are named so.
  private static let tinyHints: [(String, LatentFamily)] = [
    ("taesdxl", .sdxl), ("taesd3", .sd3), ("taesd", .sd), ("taef1", .flux1),
  ]
}
