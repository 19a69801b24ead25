import VAE

/// What can go wrong between a picture and a latent.
public enum CodecError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model's files cannot be used.
  case model(ModelError)
  /// The network produced a NaN or an infinite value.
  case nonFinite(layer: String)
  /// The system refused memory.
  case outOfMemory(byteCount: Int)
  /// The memory that may be used is too little, whatever is kept in a file.
  case memoryLimit(needed: Int, allowed: Int)
  /// The temporary file cannot be made or used.
  case temporaryFile(TemporaryFileError)
  /// The latent lives in another space than the model.
  case spaceMismatch(latent: LatentSpace, model: LatentSpace)
  /// The file says that its latent lives in another space than the one that was named.
  case otherSpace(stated: LatentSpace, named: LatentSpace)
  /// The latent has another number of channels than the space that was named.
  case otherChannels(latent: Int, named: LatentSpace)
  /// The latent has another number of channels than the model's.
  case channelMismatch(latent: Int, model: LatentSpace)
  /// The picture that a latent file names has another latent with this model.
  case sizeMismatch(picture: [Int], latent: [Int], factor: Int)
  /// The family that was named has another number of channels than the model.
  case familyMismatch(family: LatentFamily, channels: Int)
  /// The latent's sides are no multiples of that of the squares its space packs.
  case unpackable(width: Int, height: Int, patchSize: Int)
  /// Raw and scaled values must be converted, and nothing says how; with the latent's space, if known.
  case unknownScaling(LatentSpace?)
  /// A sample is asked of a latent that holds no log-variance.
  case noMoments
  /// A posterior is asked of a model that makes none.
  case noPosterior(className: String)
  /// The picture would have more pixels than allowed.
  case tooManyPixels(width: Int, height: Int, maximum: Int)
  /// The instruction set is not one of this CPU.
  case unavailableInstructionSet(String, available: [String])

  public var description: String {
    switch self {
    case .model(let error): error.description
    case .nonFinite(let layer): NonFiniteActivation(layer: layer).description
    case .outOfMemory(let byteCount): OutOfMemory(byteCount: byteCount).description
    case .memoryLimit(let needed, let allowed):
      "needs at least \((needed + 999_999) / 1_000_000) MB of memory with this model; "
        + "the limit is \(allowed / 1_000_000) MB"
    case .temporaryFile(let error): error.description
    case .spaceMismatch(let latent, let model):
      "the latent is of space \(latent), the model decodes \(model)"
    case .channelMismatch(let latent, let model):
      "the latent has \(latent) channels, the model decodes \(model)"
    case .otherSpace(let stated, let named):
      "the file says that its latent is of space \(stated), not \(named)"
    case .otherChannels(let latent, let named):
      "the latent has \(latent) channels, which \(named) has not"
    case .sizeMismatch(let picture, let latent, let factor):
      "the file tells of a picture of \(picture[0])x\(picture[1]) pixels, whose latent at "
        + "\(factor) pixels a side is not \(latent[0])x\(latent[1])"
    case .familyMismatch(let family, let channels):
      "family '\(family.rawValue)' has \(family.channels) channels, the model has \(channels)"
    case .unpackable(let width, let height, let patchSize):
      "a latent of \(width)x\(height) cannot be packed in squares of \(patchSize): "
        + "the picture's sides must be multiples of 16 pixels"
    case .unknownScaling(let space):
      space.flatMap { $0.patchSize > 1 ? $0.family : nil }.map { family in
        "raw and scaled values of \(family)'s latents differ by statistics that only its full-size "
          + "VAE holds"
      } ?? "raw and scaled values differ by a scaling that is not known"
    case .noMoments:
      "the latent holds no log-variance to draw a sample from"
    case .noPosterior(let className):
      "an \(className) makes no distribution: it has neither samples nor moments"
    case .tooManyPixels(let width, let height, let maximum):
      "\(width)x\(height) pixels are more than the limit of \(maximum)"
    case .unavailableInstructionSet(let name, let available):
      "instruction set '\(name)' is not one of this machine's: \(available.joined(separator: ", "))"
    }
  }
}

extension CodecError: FileNamingError {
  var namesFile: Bool {
    if case .model = self { true } else { false }
  }

  /// Calls `body` and turns the engine's errors into this type.
  ///
  /// - Throws: `CodecError`, or what else `body` throws, as it is.
  static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as WeightsError {
      throw CodecError.model(ModelError(error))
    } catch let error as NonFiniteActivation {
      throw CodecError.nonFinite(layer: error.layer)
    } catch let error as OutOfMemory {
      throw CodecError.outOfMemory(byteCount: error.byteCount)
    } catch let error as SpillFile.Failure {
      throw CodecError.temporaryFile(TemporaryFileError(error))
    }
  }
}
