import VAECodec

/// The latent space of files that do not say it.
enum LatentSpaceOptions {
  /// That of a model, which a family may complete.
  case model(NamedModel, LatentFamily?)
  case family(LatentFamily)

  /// The space that `arguments` name, by a model or by a family; nil if they name none.
  ///
  /// - Throws: `UsageError`.
  init?(_ arguments: ParsedArguments) throws {
    let family = try arguments.choice(CommonOptions.latentFamily, of: LatentFamily.self)
    if let model = NamedModel(arguments, CommonOptions.latentModel) {
      self = .model(model, family)
    } else if let family {
      self = .family(family)
    } else {
      return nil
    }
  }
}
