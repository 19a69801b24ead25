import VAE

/// Whose latents a model makes, and how they are scaled.
///
/// A configuration states it, if it is the model's own. Where there is none, a model's shape leaves few
/// families of diffusion models; among those, what stands in the files beside the tensors decides:
/// statistics, metadata, the networks around the autoencoder, and names.
struct FamilyDetection {
  /// The family; nil if no family has latents of such a shape, or nothing decides.
  let family: LatentFamily?
  /// Families that nothing rules out, where `family` was assumed.
  private(set) var alternatives: [LatentFamily] = []
  /// The scaling that the configuration states; nil where it states none, or is not believed.
  private(set) var scaling: LatentScaling?
  /// What a configuration states that is not believed, where that is not what was found without it.
  private(set) var passedOver: LatentScaling?
}

extension FamilyDetection {
  /// The family that a configuration, which comes from `source`, and the files of its model leave.
  init(
    _ config: any AutoencoderFamily, _ evidence: FamilyEvidence,
    _ source: ConfigurationSource = .own
  ) {
    let detected = FamilyDetection(shape: config, evidence)
    guard let stated = LatentScaling(config) else {
      self = detected
      return
    }
    let family = LatentFamily(channels: config.latentChannels, scaling: stated)
    if Self.believes(source, family, config.latentFamilies, evidence) {
      self.init(family: family, scaling: stated)
    } else {
      self = detected
      passedOver = stated == detected.family?.scaling ? nil : stated
    }
  }

  /// Whether the scaling in a config.json, which is that of `family`, is the model's.
  ///
  /// The weights themselves say more: a checkpoint with the networks of a diffusion model is of that
  /// model's family, whatever lies beside it. A file with a name of its own may have been put beside
  /// another model's config.json.
  private static func believes(
    _ source: ConfigurationSource, _ family: LatentFamily?, _ candidates: LatentFamilyCandidates,
    _ evidence: FamilyEvidence
  ) -> Bool {
    guard source != .neighbour, neighbour(candidates, evidence) == nil else {
      return false
    }
    let name =
      source == .folder
      ? evidence.names.first.flatMap { fileName(candidates, $0) } : nil
    let shown = statement(candidates, evidence) ?? name
    return shown == nil || family == nil || shown == family?.rawValue
  }

  /// The family that a model's shape and the evidence in its files leave.
  private init(shape config: any AutoencoderFamily, _ evidence: FamilyEvidence) {
    let candidates = config.latentFamilies
    let names = candidates.names
    let decided =
      names.count == 1
      ? names.first
      : Self.statement(candidates, evidence) ?? Self.neighbour(candidates, evidence)
        ?? evidence.names.lazy.compactMap { Self.fileName(candidates, $0) }.first
    let isAssumed = decided == nil && candidates.assumesFirst
    self.init(
      family: (isAssumed ? names.first : decided).flatMap(LatentFamily.init(rawValue:)),
      alternatives: isAssumed ? names.dropFirst().compactMap(LatentFamily.init(rawValue:)) : [])
  }

  /// The family that tensors of the autoencoder or metadata name.
  private static func statement(
    _ candidates: LatentFamilyCandidates, _ evidence: FamilyEvidence
  ) -> String? {
    candidates.first(of: candidates.ownTensors) { evidence.tensorNames.contains($0) }
      ?? candidates.first(of: candidates.architectures) {
        evidence.architecture?.hasPrefix($0) == true
      }
  }

  /// The family of the diffusion model in the file.
  private static func neighbour(
    _ candidates: LatentFamilyCandidates, _ evidence: FamilyEvidence
  ) -> String? {
    candidates.first(of: candidates.neighbours) { beginning in
      evidence.tensorNames.contains { $0.hasPrefix(beginning) }
    }
  }

  /// The family that a name stands for. A name that the shapes belie says nothing.
  private static func fileName(_ candidates: LatentFamilyCandidates, _ name: String) -> String? {
    candidates.fileNames.first { "/\(name)".contains($0.text) }.map(\.family)
      .flatMap { candidates.names.contains($0) ? $0 : nil }
  }
}

extension LatentFamilyCandidates {
  /// The family of the first of `signs` that is there, among the candidates.
  fileprivate func first(of signs: [Sign], _ isThere: (_ text: String) -> Bool) -> String? {
    signs.first { names.contains($0.family) && isThere($0.text) }?.family
  }
}
