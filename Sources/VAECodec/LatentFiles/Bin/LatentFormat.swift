import VAE

/// The constants of latent.bin. FORMAT.md beside this file is the specification.
enum LatentFormat {
  /// The first bytes of a file.
  static let magic = FileKind.latentBin.signature
  /// The version that is written and read.
  static let version = 1

  /// No family has a quarter as many, and what a coded latent takes to read grows with their square.
  static let maximumChannels = 256
  /// Pixels of a side that one latent value covers, up to four times as many as any autoencoder's.
  static let spatialFactors = 1...256

  /// Sections. A name that begins with a lower-case letter may be skipped by a reader that does not
  /// know it.
  enum Section: String, CaseIterable {
    /// The latent space.
    case space = "SPAC"
    /// The picture's size and what was done to it.
    case picture = "PICT"
    /// The values.
    case values = "DATA"
    /// The opacity.
    case alpha = "alph"
    /// The ICC profile.
    case profile = "iccp"
    /// The end of the file.
    case end = "ENDS"
  }

  /// How the numbers of a scaling are given.
  enum ScalingKind: UInt8 {
    case unknown = 0
    case factorAndShift = 1
    case channelStatistics = 2
    /// The same for each place of a 2x2 patch.
    case patchStatistics = 3
  }

  /// The units of the values.
  enum UnitsCode: UInt8 {
    case raw = 0
    case scaled = 1

    init(_ units: Latent.Units) { self = units == .raw ? .raw : .scaled }

    var units: Latent.Units { self == .raw ? .raw : .scaled }
  }

  /// What the values are of the encoder's distribution.
  enum PosteriorCode: UInt8 {
    case mean = 0
    case sample = 1
    case moments = 2
    /// A mean or a sample: the file that the latent came from did not say.
    case unknown = 3
    /// Refined against a decoder.
    case optimised = 4

    init(_ kind: Latent.Posterior.Kind?) {
      switch kind {
      case .mean: self = .mean
      case .sample: self = .sample
      case .moments: self = .moments
      case .optimised: self = .optimised
      case nil: self = .unknown
      }
    }
  }

  /// What a refinement makes smaller.
  enum LossCode: UInt8 {
    case l2 = 0
    case l1 = 1
    case ssim = 2

    init(_ loss: Latent.Refinement.Loss) {
      switch loss {
      case .l2: self = .l2
      case .l1: self = .l1
      case .ssim: self = .ssim
      }
    }

    var loss: Latent.Refinement.Loss {
      switch self {
      case .l2: .l2
      case .l1: .l1
      case .ssim: .ssim
      }
    }
  }

  /// How the values are coded.
  enum PayloadKind: UInt8 {
    /// Plain 32-bit floats.
    case float32 = 0
    /// Plain 16-bit floats.
    case float16 = 1
    /// Quantised, range-coded.
    case quantized = 2
    /// 16-bit floats, range-coded.
    case codedFloat16 = 3
    /// 32-bit floats, range-coded.
    case codedFloat32 = 4
  }
}
