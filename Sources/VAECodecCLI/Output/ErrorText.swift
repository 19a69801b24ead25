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

  /// The text of an error about `item`, without the name of the item's input but with that of any other
  /// file.
  static func reason(of error: any Error, for item: Batch.Item) -> String {
    guard let input = error as? InputError, input.path != item.reference.flatMap({ try? $0.get() })
    else { return text(of: error) }
    return reason(of: input)
  }

  private static func reason(of error: InputError) -> String {
    text(of: error.reason) + (advice(onPicture: error.reason, at: error.path) ?? "")
  }

  /// The text of `error`, with the options that help.
  private static func text(of error: any Error) -> String {
    if let error = error as? InputError {
      return "\(InputFile.displayName(of: error.path)): \(reason(of: error))"
    }
    if let error = error as? VariableError {
      return "\(text(of: error.reason)); the variable \(error.variable) names it"
    }
    let advice: String? =
      switch error {
      case FileError.exists, BatchError.damagedOutput, BatchError.otherOutput:
        "; --force replaces it"
      case DatasetError.otherRun:
        "; -o with another folder keeps both, --force makes all of them anew"
      case let error as CodecError: advice(on: error)
      case let error as LatentError: advice(on: error)
      case let error as ContainerError: advice(on: error)
      default: nil
      }
    return "\(error)" + (advice ?? "")
  }

  /// How a picture that is not read becomes one that is.
  private static func advice(onPicture error: any Error, at path: String) -> String? {
    switch error {
    case ImageFileError.unsupportedFormat(_, let converter?):
      "; '\(converter.command(for: path))' converts it, "
        + "and a folder of them: '\(converter.folderCommand)'"
    case ImageFileError.tooManyPixels(let width, let height, _):
      "; \(CommonOptions.maxPixels.spelling) \(width * height) allows it"
    default: nil
    }
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
    case .spaceMismatch(let latent, let evidence, let model):
      (advice(onFamilies: [latent.family])
        ?? (evidence == nil ? "" : "; no model of such latents is run here"))
        + ([latent.channels, latent.spatialFactor] == [model.channels, model.spatialFactor]
          ? "; --any-model decodes it all the same" : "")
    case .channelMismatch(let extents, let space): advice(onExtents: extents, of: space)
    default: nil
    }
  }

  /// What an array with other channels than those of `space` may be.
  private static func advice(onExtents extents: [Int], of space: LatentSpace) -> String? {
    if space.patchSize > 1, extents[0] == space.packedChannels {
      // Packed squares, which only scaled latents have.
      return "; packed latents are scaled, which --scaled says"
    }
    if Latent.tokenSizes.contains(extents[2]), extents[2] == 4 * space.channels {
      return "; packed tokens of several pictures must be saved one by one, as [1, tokens, "
        + "\(extents[2])]"
    }
    if extents[2] == space.channels {
      return
        "; its last axis has \(space.channels): an array with channels last must be transposed to "
        + "[channels, height, width]"
    }
    if extents[0] == 2 * space.channels {
      return
        "; if they are means and what comes after them, --layout mean-std or mean-logvar says it"
    }
    return advice(
      onFamilies: LatentFamily.allCases.filter { $0.channels == extents[0] }.map(\.rawValue))
  }

  /// That a model of another family decodes it, for those that any is known of.
  private static func advice(onFamilies names: [String]) -> String? {
    let known = names.filter { LatentFamily(rawValue: $0) != nil }.map { "'\($0)'" }
    guard let last = known.last else { return nil }
    let others = known.dropLast().joined(separator: ", ")
    return "; --model names one of " + (others.isEmpty ? "" : others + " or ") + last
  }

  private static func advice(on error: LatentError) -> String? {
    switch error {
    case .otherChannels(let extents, let space): advice(onExtents: extents, of: space)
    case .otherSpace: "; --any-model takes it for that all the same"
    case .unknownGrid: "; --size WxH says its size"
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
    case .optimised: "; --allow-optimised writes it all the same"
    case .severalLatents: "; --key chooses one, -o FOLDER/ takes all"
    case .unsettledPrecision: ": --dtype says which"
    case .unsettledUnits:
      ": --scaled or --unscaled says which, --input-units where a file is converted"
    default: nil
    }
  }
}
