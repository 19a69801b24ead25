import VAECodec

/// A model that was opened, of which the user knows what was assumed.
struct LoadedModel {
  let codec: Codec
  /// How long it took to open.
  let seconds: Double

  /// Opens the model that `options` name.
  ///
  /// - Throws: `CodecError` and `VariableError`.
  init(_ options: ModelOptions, _ style: ReportStyle) throws {
    let start = ContinuousClock.now
    codec = try options.model.codec(
      family: options.family, groups: options.groups, resources: options.resources)
    seconds = (ContinuousClock.now - start).seconds
    Self.note(codec, style)
  }

  /// The latent space that `options` name.
  ///
  /// - Throws: `CodecError` and `VariableError` if a model is named that cannot be used.
  static func space(_ options: LatentSpaceOptions, _ style: ReportStyle) throws -> LatentSpace {
    switch options {
    case .family(let family): return LatentSpace(family)
    case .model(let model, let family):
      let codec = try model.codec(family: family)
      note(codec, style)
      return codec.latentSpace
    }
  }

  private static func note(_ codec: Codec, _ style: ReportStyle) {
    guard !style.isQuiet else { return }
    Console.note(codec.assumptions.map(ErrorText.text), of: codec.model.name)
  }
}
