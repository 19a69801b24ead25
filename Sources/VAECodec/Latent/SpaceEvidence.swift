/// What a file says of its latent's space in other words than a `LatentSpace`.
struct SpaceClaim: Sendable, Equatable {
  let source: SpaceEvidence.Source
  /// As the file spells it; of a workflow, the names of all its models.
  let texts: [String]
  /// Whether the text is a model's name, whatever that is, and not one that may be found to be some.
  let isName: Bool

  init(_ source: SpaceEvidence.Source, _ texts: [String], isName: Bool = false) {
    self.source = source
    self.texts = texts
    self.isName = isName
  }

  /// What the claim shows of a latent of so many channels; nil where it says nothing of such, or names
  /// two spaces.
  ///
  /// - Parameter channels: those of the latent, or of a packed one.
  func evidence(channels: Int) -> SpaceEvidence? {
    let shown = texts.compactMap { text in
      space(text, channels).map { SpaceEvidence(source: source, text: text, space: $0) }
    }
    guard let first = shown.first, shown.allSatisfy({ $0.space == first.space }) else { return nil }
    return first
  }

  private func space(_ text: String, _ channels: Int) -> LatentSpace? {
    if let known = LatentSpaceNames.space(text, channels: channels) { return known }
    switch source {
    case .metadata
    where isName && !LatentSpaceNames.isKnown(text) && (1...64).contains(text.utf8.count):
      return LatentSpace(family: text, channels: channels, spatialFactor: 8, scaling: nil)
    // Pictures of Stable Diffusion's four channels come with an axis of frames as well.
    case .axes where channels != LatentFamily.sd.channels:
      return LatentSpace(family: "video", channels: channels, spatialFactor: 8, scaling: nil)
    default: return nil
    }
  }
}

/// What shows the space of a latent whose file does not state it in full.
public struct SpaceEvidence: Sendable, Equatable, CustomStringConvertible {
  /// Where it was found.
  public enum Source: Sendable, Equatable {
    /// An architecture or a model that the file's metadata name.
    case metadata
    /// A model of the workflow that made the latent.
    case workflow
    /// The end of the file's name, as trainers call their caches.
    case fileName
    /// An axis of frames, which only latents of video models have.
    case axes
  }

  /// Where it stands.
  public let source: Source
  /// The words that say it, as they were found.
  public let text: String
  /// The space that it shows.
  public let space: LatentSpace

  public var description: String {
    let text = text.escapedForTerminal
    let isFamily = text.lowercased().replacing("_", with: "-") == space.family
    let family = isFamily ? "" : ", whose latents are of '\(space.family)'"
    return switch source {
    case .metadata: "its metadata says '\(text)'" + family
    case .workflow: "its workflow's model is '\(text)'" + family
    case .fileName: "its name says '\(text)'" + family
    case .axes: "its axis of frames shows a video model's latent (Wan, Qwen-Image or another)"
    }
  }

  /// Checks that the latent may be called one of `named`.
  ///
  /// - Throws: `LatentError.otherSpace`, unless the evidence is overruled.
  func check(_ named: LatentSpace, overruled: Bool) throws {
    guard overruled || space.isReadable(by: named) else {
      throw LatentError.otherSpace(stated: space, evidence: self, named: named)
    }
  }
}
