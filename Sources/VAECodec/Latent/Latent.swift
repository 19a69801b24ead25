import VAE

/// A picture in a latent space, and what is needed to make it a picture again.
///
/// Also what a latent file holds, whatever its format; what a format cannot say is nil. The numbers fit
/// the extents: they are checked where a latent is made, and change together, by
/// `replacing(values:logVariance:flipped:posterior:units:extents:)`.
public struct Latent: Sendable, Equatable {
  /// Numbers at each position.
  public private(set) var channels: Int
  /// Rows of positions.
  public private(set) var height: Int
  /// Positions in a row.
  public private(set) var width: Int
  /// `[channels, height, width]`, row-major: the mean or the sample.
  public private(set) var values: [Float]
  /// `[channels, height, width]`, row-major: the log-variance of the raw latent, as the encoder wrote
  /// it; present if and only if the posterior is `.moments`.
  public private(set) var logVariance: [Float]?
  /// `[channels, height, width]`, row-major: the latent of the mirrored picture, in the units of
  /// `values`, as training programs keep it; a mean or a sample of its own.
  public private(set) var flipped: [Float]?
  /// The units of `values`.
  public private(set) var units: Units
  /// What `values` are of the encoder's distribution; nil where a file does not say whether they are its
  /// mean or a sample.
  public private(set) var posterior: Posterior?
  /// The space that the values live in; nil if the file does not say.
  public var space: LatentSpace?
  /// What shows the space of a latent whose file does not state it; nil where the file does.
  public internal(set) var spaceEvidence: SpaceEvidence?
  /// Distinguishes encoders of one space; nil if not known.
  public var encoderFingerprint: UInt64?
  /// The picture that was encoded; nil if the file does not say, then it fills the whole latent.
  public var picture: PictureInfo?
  /// What a training program keeps beside the latent; nil where the file is no such cache.
  public var cache: TrainingCache?

  /// A latent of `values`.
  ///
  /// - Throws: `LatentError.impossibleExtents`, `.wrongCount` where the numbers are not as many as the
  ///   extents ask for, and `.momentsMismatch` unless there is a log-variance for `.moments` alone.
  public init(
    channels: Int, height: Int, width: Int, values: [Float], logVariance: [Float]? = nil,
    flipped: [Float]? = nil, units: Units, posterior: Posterior? = .mean,
    space: LatentSpace? = nil, encoderFingerprint: UInt64? = nil, picture: PictureInfo? = nil,
    cache: TrainingCache? = nil
  ) throws {
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
    self.logVariance = logVariance
    self.flipped = flipped
    self.units = units
    self.posterior = posterior
    self.space = space
    self.encoderFingerprint = encoderFingerprint
    self.picture = picture
    self.cache = cache
    try checkCounts()
  }

  /// The latent with other numbers; what else is known of it stays.
  ///
  /// - Parameters:
  ///   - values: those of the mean or the sample.
  ///   - logVariance: the log-variances of moments.
  ///   - flipped: those of the mirrored picture, which are left out where they are not given.
  ///   - posterior: what the values are of the encoder's distribution.
  ///   - units: the units of all of them; those of the latent if nil.
  ///   - extents: channels, height and width; those of the latent if nil.
  /// - Throws: `LatentError`, as the initialiser.
  public func replacing(
    values: [Float], logVariance: [Float]? = nil, flipped: [Float]? = nil, posterior: Posterior?,
    units: Units? = nil, extents: (channels: Int, height: Int, width: Int)? = nil
  ) throws -> Latent {
    var latent = self
    latent.values = values
    latent.logVariance = logVariance
    latent.flipped = flipped
    latent.posterior = posterior
    latent.units = units ?? self.units
    (latent.channels, latent.height, latent.width) = extents ?? (channels, height, width)
    try latent.checkCounts()
    return latent
  }

  /// The mean of the stored distribution alone; the latent itself where it holds no distribution.
  public var withoutVariance: Latent {
    guard logVariance != nil else { return self }
    var latent = self
    latent.logVariance = nil
    latent.posterior = .mean
    return latent
  }

  private func checkCounts() throws {
    let extents = [channels, height, width]
    guard extents.allSatisfy({ $0 > 0 }), let count = Int(product: extents) else {
      throw LatentError.impossibleExtents(extents)
    }
    let parts: [(LatentError.Part, [Float]?)] = [
      (.values, values), (.logVariance, logVariance), (.flipped, flipped),
    ]
    for (part, numbers) in parts {
      if let numbers, numbers.count != count {
        throw LatentError.wrongCount(part, found: numbers.count, extents: extents)
      }
    }
    guard (posterior == .moments) == (logVariance != nil) else {
      throw LatentError.momentsMismatch(hasLogVariance: logVariance != nil)
    }
  }

  /// The number of the first value that is NaN or infinite, or nil; the flipped latent's too.
  var firstNonFiniteIndex: Int? {
    [values, logVariance, flipped].lazy.compactMap { $0 }
      .compactMap { $0.firstIndex { !$0.isFinite } }.first
  }
}

extension Latent {
  /// The two usual units of a latent's values.
  public enum Units: String, Sendable, CaseIterable {
    /// What a full-size VAE makes and reads.
    case raw
    /// What diffusion models see, and what tiny autoencoders make and read.
    case scaled
  }

  /// What is kept of the encoder's distribution.
  public enum Posterior: Sendable, Hashable {
    /// The mean, or the latent of a model that makes no distribution.
    case mean
    /// A sample, drawn as diffusers draws it with a CPU generator of the seed.
    case sample(seed: UInt64)
    /// The mean, together with the log-variance: samples can be drawn later.
    case moments
    /// What refining the mean against a decoder made of it: it fits this decoder and is not what the encoder
    /// makes.
    case optimised(Refinement)

    /// What a posterior is, whatever the seed or the refinement.
    public enum Kind: String, Sendable, CaseIterable {
      /// A posterior of the same name.
      case mean, sample, moments, optimised
    }

    /// The posterior without the seed or the refinement.
    public var kind: Kind {
      switch self {
      case .mean: .mean
      case .sample: .sample
      case .moments: .moments
      case .optimised: .optimised
      }
    }

    /// The refinement of an optimised latent; nil for others.
    public var refinement: Refinement? {
      if case .optimised(let refinement) = self { refinement } else { nil }
    }

    /// The seed of a sample; nil for others.
    public var seed: UInt64? {
      if case .sample(let seed) = self { seed } else { nil }
    }
  }
}
