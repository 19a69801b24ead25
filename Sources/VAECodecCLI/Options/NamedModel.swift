import FoundationEssentials
import VAECodec

/// A model that a user named, and where.
struct NamedModel {
  let model: Codec.Model
  /// The variable of the environment that names it; nil where an option does, or nothing.
  let variable: String?

  /// A model, named by `variable` if that is not nil.
  init(model: Codec.Model, variable: String?) {
    self.model = model
    self.variable = variable
  }

  /// The model that `option` or the environment names; nil where neither does.
  init?(_ arguments: ParsedArguments, _ option: OptionSpec) {
    if let name = arguments.string(option) {
      self.init(model: Codec.Model(name), variable: nil)
    } else if let name = ProcessInfo.processInfo.value(of: Self.variable) {
      self.init(model: Codec.Model(name), variable: Self.variable)
    } else {
      return nil
    }
  }

  /// The variable that names the model where no option does.
  private static let variable = "VAECODEC_MODEL"

  /// Opens the model.
  ///
  /// - Throws: `CodecError`, in a `VariableError` where a variable names the model.
  func codec(
    family: LatentFamily?, groups: Int? = nil, resources: Resources = Resources()
  ) throws -> Codec {
    do {
      return try Codec(model: model, family: family, groups: groups, resources: resources)
    } catch let error as CodecError {
      guard let variable else { throw error }
      throw VariableError(variable: variable, reason: error)
    }
  }
}

/// An error whose cause is what a variable of the environment says.
struct VariableError: Error {
  let variable: String
  let reason: CodecError
}

extension ProcessInfo {
  /// The value of a variable of the environment; nil where it is not set or empty.
  func value(of variable: String) -> String? {
    environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }
}
