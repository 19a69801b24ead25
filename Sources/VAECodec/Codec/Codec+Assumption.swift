import VAE

extension Codec {
  /// Something that was assumed about a model.
  public enum Assumption: Sendable, Equatable, CustomStringConvertible {
    /// A config.json beside the files is of another class, which may be empty, and was not taken.
    case foreignConfiguration(className: String)
    /// A config.json beside the files does not fit their tensors, and was not taken.
    case unfittingConfiguration
    /// A config.json beside the files states this scaling, and the files are not of its model or may be
    /// another's; nil for the family of a scaling that none has.
    case otherScaling(Float, family: LatentFamily?)
    /// The file holds another autoencoder, below this prefix, which was passed over.
    case otherAutoencoder(prefix: String)
    /// The files are of one family, and the caller named another.
    case overruled(LatentFamily, taken: String)
    /// No file says the family; the others are those that nothing rules out.
    case family(String, others: [LatentFamily])
    /// No file says the groups of the norms.
    case groups(Int)

    public var description: String {
      switch self {
      case .foreignConfiguration(let name):
        let owner = name.isEmpty ? "names no class" : "is that of a \(name)"
        return "the config.json beside it \(owner) and was not taken"
      case .unfittingConfiguration:
        return "the config.json beside it does not fit its tensors and was not taken"
      case .otherScaling(let factor, let family):
        let owner =
          family.map { "is for latents of '\($0.rawValue)'" } ?? "scales latents by \(factor)"
        return
          "the config.json beside it \(owner), which was passed over: it belongs to another file"
      case .otherAutoencoder(let prefix):
        let place = prefix.isEmpty ? "without a prefix" : "`\(prefix)`"
        return "it holds another autoencoder, \(place), which was passed over"
      case .overruled(let shown, let taken):
        return "its files show that its latents are of '\(shown.rawValue)'; taken for '\(taken)' "
          + "as asked"
      case .family(let taken, let others):
        let others = others.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        return
          "its files do not show whether its latents are of '\(taken)' or \(others); taken for the "
          + "first, which scaled latents depend on"
      case .groups(let count):
        return "its files do not show the groups of its norms; taken for \(count)"
      }
    }
  }
}

extension Codec.Assumption {
  /// What is to be said of the files of a model.
  ///
  /// - Parameter passedOver: the scaling that it states, where that was not believed.
  static func onFiles(_ files: ModelFiles, passedOver: LatentScaling?) -> [Self] {
    var notes: [Self] = []
    if let prefix = files.otherPrefix {
      notes.append(.otherAutoencoder(prefix: prefix.escapedForTerminal))
    }
    switch files.configurationSource {
    case .otherClass(let name): notes.append(.foreignConfiguration(className: name))
    case .unfitting: notes.append(.unfittingConfiguration)
    case .tensors, .own, .folder, .neighbour: break
    }
    if let passedOver {
      let channels = files.config.latentChannels
      notes.append(
        .otherScaling(
          passedOver.factor, family: LatentFamily(channels: channels, scaling: passedOver)))
    }
    return notes
  }
}
