import VAE

/// What a model is, read from its files without running it.
public struct ModelSummary: Sendable, Equatable {
  /// The class that diffusers loads it with.
  public let className: String
  /// The files that hold its tensors; none of the built-in model.
  public let files: [String]
  /// What its files call their tensors: "diffusers", "latent-diffusion" or "taesd", and the prefix.
  public let naming: String
  /// The space of its latents.
  public let latentSpace: LatentSpace
  /// Whether it can encode.
  public let hasEncoder: Bool
  /// Whether it can decode.
  public let hasDecoder: Bool
  /// Numbers that its tensors hold.
  public let parameterCount: Int
  /// Bytes that its tensors take in their files.
  public let byteCount: Int
  /// The types of element that its tensors have, such as "F16", sorted.
  public let elementTypes: [String]
  /// Distinguishes encoders of one space; nil without an encoder.
  public let encoderFingerprint: UInt64?
}

extension Codec {
  /// What the model is.
  public var summary: ModelSummary {
    ModelSummary(
      className: modelClass, files: model == .bundled ? [] : files, naming: naming,
      latentSpace: latentSpace, hasEncoder: autoencoder.hasEncoder,
      hasDecoder: autoencoder.hasDecoder, parameterCount: autoencoder.parameterCount,
      byteCount: autoencoder.byteCount, elementTypes: autoencoder.elementTypes,
      encoderFingerprint: encoderFingerprint)
  }
}
