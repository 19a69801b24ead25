import FoundationEssentials

/// The configuration of a model, by the class that diffusers loads it with.
package enum AutoencoderConfig: Sendable, Equatable {
  case kl(AutoencoderKLConfig)
  case tiny(AutoencoderTinyConfig)

  static let klClassName = "AutoencoderKL"
  static let flux2ClassName = "AutoencoderKLFlux2"
  static let tinyClassName = "AutoencoderTiny"

  /// The name of the class in diffusers.
  package var className: String {
    switch self {
    case .kl(let config):
      config.batchNormEpsilon == nil ? Self.klClassName : Self.flux2ClassName
    case .tiny: Self.tinyClassName
    }
  }

  /// Channels of the latent.
  package var latentChannels: Int {
    switch self {
    case .kl(let config): config.latentChannels
    case .tiny(let config): config.latentChannels
    }
  }

  /// Pixels of a side that one latent covers.
  package var spatialFactor: Int {
    switch self {
    case .kl(let config): config.spatialFactor
    case .tiny(let config): config.spatialFactor
    }
  }

  /// Whether the encoder makes a distribution, a mean and a log-variance for each latent value, or
  /// just the latent.
  package var hasPosterior: Bool {
    switch self {
    case .kl: true
    case .tiny: false
    }
  }

  /// Parses a config.json.
  ///
  /// - Parameters:
  ///   - json: the file's bytes.
  ///   - path: names the file in errors.
  /// - Throws: `FamilyError.malformedConfig` or `.unsupportedClass`.
  package init(json: [UInt8], path: String) throws {
    do {
      try JSONStrictness.check(json, allowsFractions: true)
      let decoder = JSONDecoder()
      let data = Data(json)
      let name = try decoder.decode(ClassName.self, from: data).name
      switch name {
      case Self.klClassName, Self.flux2ClassName:
        self = .kl(try decoder.decode(AutoencoderKLConfig.self, from: data))
      case Self.tinyClassName:
        self = .tiny(try decoder.decode(AutoencoderTinyConfig.self, from: data))
      default:
        throw FamilyError.unsupportedClass(
          path: path, name: name,
          supported: [Self.klClassName, Self.flux2ClassName, Self.tinyClassName])
      }
    } catch let error as JSONStrictness.Violation {
      throw FamilyError.malformedConfig(path: path, reason: error.description)
    } catch let error as ConfigViolation {
      throw FamilyError.malformedConfig(path: path, reason: error.description)
    } catch let error as DecodingError {
      throw FamilyError.malformedConfig(path: path, reason: error.jsonReason)
    }
  }

  /// Whether a class of this name is some kind of autoencoder, of this family or another.
  static func isAutoencoder(className: String) -> Bool {
    ["autoencoder", "vae", "vqmodel"].contains { className.lowercased().contains($0) }
  }

  /// The class that a config.json is for: that of diffusers, or that of transformers.
  private struct ClassName: Decodable {
    /// Empty where none is named.
    let name: String

    private enum CodingKeys: String, CodingKey {
      case architectures
      case className = "_class_name"
    }

    init(from decoder: any Swift.Decoder) throws {
      let fields = try ConfigFields<CodingKeys>(decoder)
      let architectures: [String] = try fields.value(.architectures, default: [])
      name = try fields.value(.className, default: architectures.first ?? "")
    }
  }
}
