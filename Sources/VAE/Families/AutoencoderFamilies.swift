import FoundationEssentials

/// The families that there are networks for.
package enum AutoencoderFamilies {
  /// All of them.
  package static let all: [any AutoencoderFamily.Type] = [
    AutoencoderKLConfig.self, AutoencoderTinyConfig.self,
  ]
}

extension [any AutoencoderFamily.Type] {
  /// The configuration in a config.json, of the family that has its class.
  ///
  /// - Parameters:
  ///   - json: the file's bytes.
  ///   - path: names the file in errors.
  /// - Throws: `FamilyError.malformedConfig` or `.unsupportedClass`.
  package func configuration(json: [UInt8], path: String) throws -> any AutoencoderFamily {
    do {
      try JSONStrictness.check(json, allowsFractions: true)
      let decoder = JSONDecoder()
      let data = Data(json)
      let name = try decoder.decode(ClassName.self, from: data).name
      guard let family = first(where: { $0.classNames.contains(name) }) else {
        throw FamilyError.unsupportedClass(
          path: path, name: name, supported: flatMap { $0.classNames })
      }
      return try decoder.decode(family, from: data)
    } catch let error as JSONStrictness.Violation {
      throw FamilyError.malformedConfig(path: path, reason: error.description)
    } catch let error as ConfigViolation {
      throw FamilyError.malformedConfig(path: path, reason: error.description)
    } catch let error as DecodingError {
      throw FamilyError.malformedConfig(path: path, reason: error.jsonReason)
    }
  }
}

extension AutoencoderFamily {
  /// The config.json of the model.
  ///
  /// - Throws: `EncodingError` for a number that is not finite.
  package func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}

/// The class that a config.json is for: that of diffusers, or that of transformers.
private struct ClassName: Decodable {
  /// Empty where none is named.
  let name: String

  private enum CodingKeys: String, CodingKey {
    case architectures
    case className = "_class_name"
  }

  init(from decoder: any Decoder) throws {
    let fields = try ConfigFields<CodingKeys>(decoder)
    let architectures: [String] = try fields.value(.architectures, default: [])
    name = try fields.value(.className, default: architectures.first ?? "")
  }
}
