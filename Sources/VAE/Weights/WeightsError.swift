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
  /// The configuration is of another class than those in `supported`; empty if it names none.
  case unsupportedClass(path: String, name: String, supported: [String])
  /// A tensor that the configuration calls for is not in the file.
  case missingTensor(path: String, name: String)
  /// Two tensors of the files stand for one of the network.
  case ambiguousTensor(path: String, names: [String])
  /// A tensor has another shape than the configuration calls for.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  /// A tensor has a type of element that cannot be computed with.
  case wrongType(path: String, name: String, found: String)
  /// A path that leads to no model.
  case noModel(path: String, reason: String)
  /// A name that an index or a cache gives leads out of the folder it stands in.
  case outside(path: String, name: String)
  /// A repository, or one of its files, is not in the local cache; `advice` says how to get it.
  case notCached(repository: String, reason: String, advice: String)

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
    case .unsupportedClass(let path, let name, let supported):
      "\(path): class \(name.isEmpty ? "(none)" : name.escapedForTerminal) is not supported, only "
        + supported.dropLast().joined(separator: ", ")
        + " and \(supported.last ?? "") are"
    case .missingTensor(let path, let name):
      "\(path): tensor `\(name.escapedForTerminal)` is missing"
    case .ambiguousTensor(let path, let names):
      "\(path): " + names.map { "`\($0.escapedForTerminal)`" }.joined(separator: " and ")
        + " are the same tensor of the network"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor `\(name.escapedForTerminal)` has shape \(found), expected \(expected)"
    case .wrongType(let path, let name, let found):
      "\(path): tensor `\(name.escapedForTerminal)` has elements of type \(found), expected floats"
    case .noModel(let path, let reason):
      "\(path): \(reason)"
    case .outside(let path, let name):
      "\(path): `\(name.escapedForTerminal)` leads out of the folder"
    case .notCached(let repository, let reason, let advice):
      "\(repository): \(reason); \(advice)"
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
