import VAECodec

/// The kind of an error, by which programs tell what to do about an input.
enum ErrorCode: String, Encodable, CaseIterable {
  /// The input cannot be read.
  case unreadable
  /// The output cannot be written.
  case unwritable
  /// There is no room for the output.
  case diskFull = "disk_full"
  /// The output exists, or is not what would be written.
  case exists
  /// The input is no picture that is read.
  case picture
  /// The input is no latent that is read, or not of a kind that can be worked on.
  case latent
  /// The latent is of another latent space than the model's.
  case space
  /// The pictures or latents are of two sizes.
  case size
  /// A folder has no picture, or several, to compare the input with.
  case unpaired
  /// The picture falls below a bound.
  case quality
  /// There is not enough memory or room for temporary data.
  case memory
  /// The model cannot do it.
  case model
  /// Anything else.
  case other

  init(_ error: any Error) {
    switch error {
    case let error as InputError: self.init(error.reason)
    case let error as FileError: self.init(error)
    case let error as CodecError: self.init(error)
    case BatchError.damagedOutput, BatchError.otherOutput: self = .exists
    case is ImageFileError: self = .picture
    case LatentError.otherSpace, LatentError.otherChannels: self = .space
    case LatentError.unequalSizes: self = .size
    case is ContainerError, is LatentError: self = .latent
    case is ComparisonError: self = .size
    case is PairingError: self = .unpaired
    case is QualityError: self = .quality
    default: self = .other
    }
  }

  private init(_ error: FileError) {
    switch error {
    case .unreadable, .tooLong: self = .unreadable
    case .unwritable, .brokenPipe: self = .unwritable
    case .diskFull: self = .diskFull
    case .exists: self = .exists
    }
  }

  private init(_ error: CodecError) {
    switch error {
    case .spaceMismatch, .channelMismatch: self = .space
    case .outOfMemory, .memoryLimit, .temporaryFile: self = .memory
    case .model, .nonFinite, .noPosterior, .unavailableInstructionSet: self = .model
    }
  }
}
