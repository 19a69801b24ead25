/// A picture in a latent space, and what is needed to make it a picture again.
///
/// Also what a latent file holds, whatever its format; what a format cannot say is nil.
public struct Latent: Sendable, Equatable {
  /// Which of the two usual units the values have.
  public enum Convention: UInt8, Sendable {
    /// What a full-size VAE makes and reads.
    case raw = 0
    /// What diffusion models see, and what tiny autoencoders make and read.
    case scaled = 1

    /// The word for it: "raw" or "scaled".
    public var name: String { self == .raw ? "raw" : "scaled" }
  }

  /// What the values are of the encoder's distribution.
  public enum Posterior: Sendable, Equatable {
    /// The mean, or the latent of a model that makes no distribution.
    case mean
    /// A sample drawn with the seed.
    case sample(seed: UInt64)
    /// The mean, together with the log-variance: samples can be drawn later.
    case moments
    /// The mean or a sample; the file does not say.
    case unknown
  }

  /// Channels.
  public let channels: Int
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// `[channels, height, width]`, row-major: the mean or the sample.
  public let values: [Float]
  /// `[channels, height, width]`, row-major: the log-variance of the raw latent, as the encoder wrote
  /// it; present if and only if the posterior is `.moments`.
  public let logVariance: [Float]?
  /// The units of `values`.
  public let convention: Convention
  /// What `values` are.
  public let posterior: Posterior
  /// The space they live in; nil if the file does not say.
  public let space: LatentSpace?
  /// Tells encoders of one space apart; nil if not known.
  public let encoderFingerprint: UInt64?
  /// The picture that was encoded; nil if the file does not say, then it fills the whole latent.
  public let picture: PictureInfo?
  /// What a training program keeps beside the latent; nil where the file is no such cache.
  public let cache: TrainingCache?

  /// A latent of `values`.
  ///
  /// - Precondition: the counts fit the extents, the flipped latent's too, and `logVariance` is there
  ///   if the posterior is `.moments`.
  public init(
    channels: Int, height: Int, width: Int, values: [Float], logVariance: [Float]? = nil,
    convention: Convention, posterior: Posterior = .mean, space: LatentSpace? = nil,
    encoderFingerprint: UInt64? = nil, picture: PictureInfo? = nil,
    cache: TrainingCache? = nil
  ) {
    let count = channels * height * width
    precondition(
      channels > 0 && height > 0 && width > 0 && values.count == count
        && (logVariance.map { $0.count == count } ?? true),
      "\(values.count) values for a latent of [\(channels), \(height), \(width)]")
    precondition(
      cache?.flipped.map { $0.count == count } ?? true,
      "\(cache?.flipped?.count ?? 0) values of the flipped latent, expected \(count)")
    precondition(
      (posterior == .moments) == (logVariance != nil),
      "moments need a log-variance, others have none")
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
    self.logVariance = logVariance
    self.convention = convention
    self.posterior = posterior
    self.space = space
    self.encoderFingerprint = encoderFingerprint
    self.picture = picture
    self.cache = cache
  }

  /// The values in the units of `convention`.
  ///
  /// - Parameters:
  ///   - convention: the units wanted.
  ///   - scaling: how to get from one to the other where the latent's own space does not say.
  /// - Throws: `CodecError.unknownScaling` if that is needed and not known.
  public func values(
    in convention: Convention, scaling: LatentScaling? = nil
  ) throws -> [Float] {
    try converted(values, to: convention, scaling: scaling)
  }

  /// `values`, which are in the latent's units, in those of `convention`.
  ///
  /// - Throws: as `values(in:scaling:)`.
  func converted(
    _ values: [Float], to convention: Convention, scaling: LatentScaling? = nil
  ) throws -> [Float] {
    guard convention != self.convention else { return values }
    guard let scaling = space?.scaling ?? scaling else { throw CodecError.unknownScaling(space) }
    switch convention {
    case .raw: return scaling.raw(values, channels: channels, width: width)
    case .scaled: return scaling.scaled(values, channels: channels, width: width)
    }
  }

  /// The number of the first value that is NaN or infinite, or nil; the flipped latent's too.
  var firstNonFiniteIndex: Int? {
    [values, logVariance, cache?.flipped].lazy.compactMap { $0 }
      .compactMap { $0.firstIndex { !$0.isFinite } }.first
  }
}

/// What is kept of a picture beside its latent.
public struct PictureInfo: Sendable, Equatable {
  /// Width in pixels, before the right edge was repeated to fill the latent.
  public let width: Int
  /// Height in pixels, before the lower edge was repeated to fill the latent.
  public let height: Int
  /// Bits of a sample of the file: 8 or 16.
  public let bitDepth: Int
  /// The EXIF orientation (1...8) that was applied before encoding.
  public let appliedOrientation: Int
  /// The colour under the transparent parts as they were encoded; nil for an opaque picture.
  public let matte: Matte?
  /// The opacity `[height, width]`, exactly as it was; nil for an opaque picture.
  public let alpha: Image.Samples?
  /// The ICC profile of the file.
  public let profile: ColorProfile?

  /// What is kept of a picture of `width` x `height` pixels.
  ///
  /// - Precondition: there is an opacity for each pixel, of `bitDepth` bits, if there are any.
  public init(
    width: Int, height: Int, bitDepth: Int = 8, appliedOrientation: Int = 1,
    matte: Matte? = nil, alpha: Image.Samples? = nil, profile: ColorProfile? = nil
  ) {
    if let alpha {
      precondition(
        alpha.count == width * height && alpha.bitDepth == bitDepth,
        "\(alpha.count) \(alpha.bitDepth)-bit opacities for \(width)x\(height) pixels")
    }
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.appliedOrientation = appliedOrientation
    self.matte = matte
    self.alpha = alpha
    self.profile = profile
  }

  /// Bytes of the picture's samples.
  var byteCount: Int { width * height * 3 * (bitDepth / 8) }
}
