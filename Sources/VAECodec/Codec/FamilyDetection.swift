import VAE

/// Whose latents a model makes, where no configuration says it.
///
/// Its shape leaves few families of diffusion models; among those, what stands in the files beside the
/// tensors decides: statistics, metadata, the networks around the autoencoder, and names.
struct FamilyDetection {
  /// The family; nil if no family has latents of such a shape, or nothing decides.
  let family: LatentFamily?
  /// Families that nothing rules out, where `family` was assumed.
  let alternatives: [LatentFamily]
}

extension FamilyDetection {
  /// The family that a configuration and the files of its model leave.
  init(_ config: any AutoencoderFamily, _ evidence: FamilyEvidence) {
    if let scaling = LatentScaling(config) {
      self.init(
        family: LatentFamily(channels: config.latentChannels, scaling: scaling), alternatives: [])
      return
    }
    let candidates = config.latentFamilies
    let names = candidates.names
    let decided = names.count == 1 ? names.first : Self.decision(among: candidates, evidence)
    let isAssumed = decided == nil && candidates.assumesFirst
    let family = isAssumed ? names.first : decided
    self.init(
      family: family.flatMap(LatentFamily.init(rawValue:)),
      alternatives: isAssumed ? names.dropFirst().compactMap(LatentFamily.init(rawValue:)) : [])
  }

  private static func decision(
    among candidates: LatentFamilyCandidates, _ evidence: FamilyEvidence
  ) -> String? {
    func first(
      of signs: [LatentFamilyCandidates.Sign], _ isThere: (_ text: String) -> Bool
    ) -> String? {
      signs.first { candidates.names.contains($0.family) && isThere($0.text) }?.family
    }
    return first(of: candidates.ownTensors) { evidence.tensorNames.contains($0) }
      ?? first(of: candidates.architectures) { evidence.architecture?.hasPrefix($0) == true }
      ?? first(of: candidates.neighbours) { beginning in
        evidence.tensorNames.contains { $0.hasPrefix(beginning) }
      }
      ?? evidence.names.lazy.compactMap { name in
        // A name that the shapes belie says nothing, and the next is asked.
        candidates.fileNames.first { "/\(name)".contains($0.text) }.map(\.family)
          .flatMap { candidates.names.contains($0) ? $0 : nil }
      }.first
  }
}
