import VAE

/// Families of diffusion models that share a latent space, by the names that users give them.
public enum LatentFamily: String, Sendable, CaseIterable {
  /// Stable Diffusion 1 and 2.
  case sd
  /// The Stable Diffusion x4 upscaler.
  case sdX4 = "sd-x4"
  /// Stable Diffusion XL.
  case sdxl
  /// Stable Diffusion 3 and 3.5.
  case sd3
  /// FLUX.1.
  case flux1
  /// FLUX.2.
  case flux2
  /// Playground 2.5.
  case playground
  /// CogView 3 Plus and 4.
  case cogview

  /// Channels of the family's latents.
  public var channels: Int {
    switch self {
    case .sd, .sdX4, .sdxl, .playground: 4
    case .sd3, .flux1, .cogview: 16
    case .flux2: 32
    }
  }

  /// Pixels of a side that one latent covers.
  public var spatialFactor: Int { self == .sdX4 ? 4 : 8 }

  /// The family's scaling; nil for FLUX.2, whose statistics are part of its VAE's weights.
  ///
  /// - SeeAlso: the published `vae/config.json` of each family.
  public var scaling: LatentScaling? {
    switch self {
    case .sd: LatentScaling(factor: 0.18215)
    case .sdX4: LatentScaling(factor: 0.08333)
    case .sdxl: LatentScaling(factor: 0.13025)
    case .sd3: LatentScaling(factor: 1.5305, shift: 0.0609)
    case .flux1: LatentScaling(factor: 0.3611, shift: 0.1159)
    case .flux2: nil
    case .playground:
      LatentScaling(
        factor: 0.5, shift: 0, mean: [-1.6574, 1.886, -1.383, 2.5155],
        standardDeviation: [8.4927, 5.9022, 6.5498, 5.2299])
    case .cogview: LatentScaling(factor: 1)
    }
  }

  /// A repository with a published model of the family.
  public var publishedModel: String {
    switch self {
    case .sd: "stabilityai/sd-vae-ft-mse"
    case .sdX4: "stabilityai/stable-diffusion-x4-upscaler"
    case .sdxl: "madebyollin/sdxl-vae-fp16-fix"
    case .sd3: "madebyollin/taesd3"
    case .flux1: "madebyollin/taef1"
    case .flux2: "black-forest-labs/FLUX.2-dev"
    case .playground: "playgroundai/playground-v2.5-1024px-aesthetic"
    case .cogview: "THUDM/CogView4-6B"
    }
  }

  /// The family whose latents have these channels and this scaling.
  init?(channels: Int, scaling: LatentScaling) {
    guard
      let family = Self.allCases.first(where: { $0.channels == channels && $0.scaling == scaling })
    else { return nil }
    self = family
  }
}

/// The space that latents live in: what a decoder must know to read them.
public struct LatentSpace: Sendable, Equatable, CustomStringConvertible {
  /// The family's name (`LatentFamily`), or another one for a model that belongs to none; at most 255
  /// bytes of UTF-8.
  public let family: String
  /// Channels of a latent.
  public let channels: Int
  /// Pixels of a side that one latent covers.
  public let spatialFactor: Int
  /// How raw latents become those that diffusion models see; nil where that is not known.
  public let scaling: LatentScaling?

  /// A space of its own numbers.
  public init(family: String, channels: Int, spatialFactor: Int, scaling: LatentScaling?) {
    self.family = family
    self.channels = channels
    self.spatialFactor = spatialFactor
    self.scaling = scaling
  }

  /// The name of the space of a model that belongs to no known family.
  public static let customFamily = "custom"

  /// The space of a model.
  ///
  /// - Parameters:
  ///   - config: the model's configuration.
  ///   - statistics: those of its latents that its tensors hold.
  ///   - stated: the scaling that its configuration states.
  ///   - detected: the family that its files point to.
  ///   - family: the family that the user named.
  /// - Throws: `LatentError.familyMismatch` if the named family has another number of channels.
  init(
    _ config: any AutoencoderFamily, statistics: LatentStatistics?, stated: LatentScaling?,
    detected: LatentFamily?, family: LatentFamily?
  ) throws {
    if let family, family.channels != config.latentChannels {
      throw LatentError.familyMismatch(family: family, channels: config.latentChannels)
    }
    let resolved = family ?? detected
    self.init(
      family: resolved?.rawValue ?? Self.customFamily, channels: config.latentChannels,
      spatialFactor: config.spatialFactor,
      scaling: Self.scaling(statistics, stated, detected: detected, named: family))
  }

  /// A family that the user names wins over the configuration, and this over what was detected; but
  /// statistics are those of this very model.
  private static func scaling(
    _ statistics: LatentStatistics?, _ stated: LatentScaling?, detected: LatentFamily?,
    named: LatentFamily?
  ) -> LatentScaling? {
    if let statistics, (named ?? detected)?.scaling?.mean.isEmpty != true {
      return LatentScaling(
        factor: (named ?? detected)?.scaling?.factor ?? 1, shift: 0, mean: statistics.mean,
        standardDeviation: statistics.standardDeviation, patchSize: statistics.patchSize)
    }
    return named?.scaling ?? stated ?? detected?.scaling
  }

  /// Side of the squares of values that diffusion models of the space see as channels: 2 for FLUX.2,
  /// 1 for all others.
  public var patchSize: Int {
    scaling?.patchSize
      ?? (family == LatentFamily.flux2.rawValue ? AutoencoderKLConfig.patchSize : 1)
  }

  /// Channels of a latent whose squares have become channels; those of the latent where none do.
  public var packedChannels: Int { channels * patchSize * patchSize }

  /// Whether a decoder of `model`'s space reads latents of this one.
  ///
  /// Where either scaling is not known, family and extents decide.
  func isReadable(by model: LatentSpace) -> Bool {
    channels == model.channels && spatialFactor == model.spatialFactor
      && (family == model.family || family.isEmpty)
      && (scaling == nil || model.scaling == nil || scaling == model.scaling)
  }

  public var description: String {
    let known = scaling.map { scaling in
      ", scaling \(scaling.factor)" + (scaling.shift != 0 ? ", shift \(scaling.shift)" : "")
        + (scaling.mean.isEmpty ? "" : ", channel statistics")
        + (scaling.patchSize == 1 ? "" : ", 2x2 patches")
    }
    return "'\(family)' (\(channels) channels, factor \(spatialFactor)\(known ?? ""))"
  }
}

extension LatentSpace {
  /// The space that a family of models shares.
  public init(_ family: LatentFamily) {
    self.init(
      family: family.rawValue, channels: family.channels, spatialFactor: family.spatialFactor,
      scaling: family.scaling)
  }
}
