/// What is wrong with a model's files.
package enum WeightsError: Error, Equatable, CustomStringConvertible {
  /// The system cannot open or map the file.
  case unreadable(path: String, reason: String)
  /// The file is not a safetensors file at all.
  case notSafetensors(path: String, found: String)
  /// The safetensors header breaks a rule of the format.
  case malformedHeader(path: String, reason: String)
  /// A tensor's entry breaks a rule of the format.
  case malformedTensor(path: String, name: String, reason: String)
  /// config.json cannot be understood.
  case malformedConfig(path: String, reason: String)
  /// The configuration asks for something that is not in this family of models.
  case unsupported(path: String, what: String)
  /// A tensor that the configuration calls for is not in the file.
  case missingTensor(path: String, name: String)
  /// A tensor has another shape than the configuration calls for.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  /// A tensor has a type of element that cannot be computed with.
  case wrongType(path: String, name: String, found: String)
  /// A path that leads to no model.
  case noModel(path: String, reason: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): \(reason)"
    case .notSafetensors(let path, let found):
      "\(path): not a safetensors file: \(found)"
    case .malformedHeader(let path, let reason):
      "\(path): malformed safetensors header: \(reason)"
    case .malformedTensor(let path, let name, let reason):
      "\(path): tensor `\(name.escapedForTerminal)`: \(reason)"
    case .malformedConfig(let path, let reason):
      "\(path): malformed configuration: \(reason)"
    case .unsupported(let path, let what):
      "\(path): \(what)"
    case .missingTensor(let path, let name):
      "\(path): tensor `\(name)` is missing"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor `\(name)` has shape \(found), expected \(expected)"
    case .wrongType(let path, let name, let found):
      "\(path): tensor `\(name)` has elements of type \(found), expected F32, F16 or BF16"
    case .noModel(let path, let reason):
      "\(path): \(reason)"
    }
  }
}

extension String {
  /// The string on one line, shortened to 80 characters: names from a hostile file go through here
  /// before they reach a terminal.
  package var escapedForTerminal: String {
    let line = unicodeScalars.map {
      $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F ? String($0) : "?"
    }
    return line.count > 80 ? line.prefix(77).joined() + "..." : line.joined()
  }
}
