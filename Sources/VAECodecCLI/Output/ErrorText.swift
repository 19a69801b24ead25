import VAECodec

/// The words for errors and assumptions of the library, with the options that help.
enum ErrorText {
  /// The lines for `error`: one, or one for each bound that a picture misses.
  static func lines(of error: any Error) -> [String] {
    guard let input = error as? InputError, let quality = input.reason as? QualityError else {
      return [text(of: error)]
    }
    return quality.misses.map { "\(input.path): \($0)" }
  }

  /// The text of `error`, with the options that help.
  private static func text(of error: any Error) -> String {
    if let error = error as? InputError {
      return "\(InputFile.displayName(of: error.path)): \(text(of: error.reason))"
    }
    let advice: String? =
      switch error {
      case FileError.exists: "; --force replaces it"
      case let error as CodecError: advice(on: error)
      case let error as LatentError: advice(on: error)
      case let error as ContainerError: advice(on: error)
      default: nil
      }
    return "\(error)" + (advice ?? "")
  }

  /// The text of `assumption`, with the option that says otherwise.
  static func text(of assumption: Codec.Assumption) -> String {
    switch assumption {
    case .foreignConfiguration, .unfittingConfiguration, .otherAutoencoder, .overruled,
      .otherScaling(_, family: nil):
      "\(assumption)"
    case .otherScaling(_, let family?):
      "\(assumption); \(CommonOptions.family.spelling) \(family.rawValue) takes it"
    case .family: "\(assumption); \(CommonOptions.family.spelling) names another"
    case .groups: "\(assumption); \(CommonOptions.groups.spelling) gives another number"
    }
  }

  private static func advice(on error: CodecError) -> String? {
    switch error {
    case .spaceMismatch(let latent, let model):
      latent.spatialFactor == model.spatialFactor ? "; --any-model decodes it all the same" : nil
    case .channelMismatch(let count, let space): advice(onChannels: count, of: space)
    default: nil
    }
  }

  private static func advice(onChannels count: Int, of space: LatentSpace) -> String? {
    // Packed squares, which only scaled latents have.
    space.patchSize > 1 && count == space.packedChannels
      ? "; packed latents are scaled, which --scaled says" : nil
  }

  private static func advice(on error: LatentError) -> String? {
    switch error {
    case .otherChannels(let count, let space): advice(onChannels: count, of: space)
    case .unknownScaling(let space):
      (space?.patchSize ?? 1) > 1
        ? ": --model names one, --scaled keeps to scaled values"
        : ": --family or --model names it"
    case .tooManyPixels: "; --max-pixels raises it"
    default: nil
    }
  }

  private static func advice(on error: ContainerError) -> String? {
    switch error {
    case .outOfRange(_, _, bits: 16): "; keep it with --lossless"
    case .unknownSpace: ": --family or --model says which"
    case .cannotHoldMoments: ": --seed draws a sample, --mean keeps the mean"
    case .severalLatents: " (--key)"
    case .unsettledUnits:
      ": --scaled or --unscaled says which, --input-units where a file is converted"
    default: nil
    }
  }
}
