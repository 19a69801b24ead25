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
  case spaceMismatch(latent: LatentSpace, evidence: SpaceEvidence?, model: LatentSpace)
  /// The latent, of these channels, height and width, has not as many channels as the model's.
  case channelMismatch(extents: [Int], model: LatentSpace)
  /// A posterior is asked of a model that makes none.
  case noPosterior(className: String)
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
    case .spaceMismatch(let latent, let evidence, let model):
      evidence.map { "\($0); the model decodes '\(model.family)'" }
        ?? "the latent is of space \(latent), the model decodes \(model)"
    case .channelMismatch(let extents, let model):
      "the latent has \(extents[0]) channels, the model decodes \(model)"
    case .noPosterior(let className):
      "an \(className) makes no distribution: it has neither samples nor moments"
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
    } catch let error as any ModelFileError {
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
