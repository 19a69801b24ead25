import VAE

/// What becomes of a picture that is encoded, written, read and decoded again.
public struct RoundTrip: Sendable {
  /// The latent as it was read back.
  public let latent: Latent
  /// Bytes of the latent.bin.
  public let byteCount: Int
  /// The decoded picture.
  public let picture: Image
  /// How far it is from the original.
  public let comparison: Comparison
  /// The Kullback-Leibler divergence of the encoder's distribution from the standard normal one, in
  /// nats, summed over all latent values; nil for a model that makes no distribution.
  public let kl: Double?
  /// What refining the latent brought; nil where it was not refined.
  public let refined: RefinedLatent?
  /// How long the parts took.
  public let seconds: Seconds

  /// Durations in seconds.
  public struct Seconds: Sendable {
    /// The encoder.
    public let encode: Double
    /// The decoder.
    public let decode: Double
  }

  /// Bits of the latent.bin for each pixel of the picture.
  public var bitsPerPixel: Double {
    Double(byteCount) * 8 / Double(picture.width * picture.height)
  }

  /// `kl` for each latent value, in bits.
  public var klBitsPerValue: Double? {
    kl.map { $0.bitsOfNats / Double(latent.values.count) }
  }
}

extension Codec {
  /// Encodes a picture, writes and reads the latent in memory, decodes it and compares.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - sampleSeed: draws a sample with the seed instead of taking the mean.
  ///   - refinement: refines the mean against the decoder.
  ///   - quality: how exactly the latent is kept.
  ///   - matte: stands behind the transparent parts.
  ///   - progress: called with the part that is done, of both networks together.
  /// - Throws: `CodecError`, `ContainerError`, `CancellationError`, and what `progress` throws.
  /// - Precondition: a sample is not refined.
  public func roundTrip(
    _ image: Image, sampleSeed: UInt64? = nil, refinement: Latent.Refinement? = nil,
    quality: Quality = .standard,
    matte: Matte = .white, progress: ProgressHandler = { _ in }
  ) throws -> RoundTrip {
    guard hasPosterior || sampleSeed == nil else {
      throw CodecError.noPosterior(className: modelClass)
    }
    precondition(sampleSeed == nil || refinement == nil, "a sample is not refined")
    let clock = ContinuousClock()
    let start = clock.now
    let steps = Double(refinement?.steps ?? 0)
    // In passes through a network: the encoder's, those of the steps, and the decoder's.
    let passes = 2 + 2 * steps
    let encoded = try encode(
      image, posterior: hasPosterior ? .moments : .mean, matte: matte
    ) { try progress($0 / passes) }
    let refined = try refinement.map { refinement in
      try refine(
        encoded.withoutVariance, toward: image, refinement, keptAt: quality, matte: matte
      ) { try progress((1 + 2 * steps * $0) / passes) }
    }
    let encodeDuration = clock.now - start
    let kept =
      try sampleSeed.map { try encoded.sampled(seed: $0) } ?? refined?.latent
      ?? encoded.withoutVariance
    let bytes = try kept.serialized(quality: quality)
    let latent = try Latent(decoding: bytes, maximumPixelCount: .max)
    let middle = clock.now
    let picture = try decode(latent, maximumPixelCount: .max) {
      try progress((passes - 1 + $0) / passes)
    }
    let decodeDuration = clock.now - middle
    return RoundTrip(
      latent: latent, byteCount: bytes.count, picture: picture,
      comparison: try Comparison(image, picture, resources: resources),
      kl: encoded.kl, refined: refined,
      seconds: .init(encode: encodeDuration.seconds, decode: decodeDuration.seconds))
  }
}

extension Duration {
  /// The duration as a number of seconds.
  package var seconds: Double { self / .seconds(1) }
}
