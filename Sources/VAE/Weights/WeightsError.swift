/// What is wrong with a safetensors file, or with a tensor that a network asks of it.
package enum WeightsError: ModelFileError, Equatable {
  /// The file is not a safetensors file at all.
  case notSafetensors(path: String, found: String)
  /// The safetensors header breaks a rule of the format.
  case malformedHeader(path: String, reason: String)
  /// A tensor's entry breaks a rule of the format.
  case malformedTensor(path: String, name: String, reason: String)
  /// A tensor that the network calls for is not in the file.
  case missingTensor(path: String, name: String)
  /// Two tensors of the files stand for one of the network.
  case ambiguousTensor(path: String, names: [String])
  /// A tensor has another shape than the network calls for.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  /// A tensor has a type of element that cannot be computed with.
  case wrongType(path: String, name: String, found: String)

  package var description: String {
    switch self {
    case .notSafetensors(let path, let found):
      "\(path): not a safetensors file: \(found)"
    case .malformedHeader(let path, let reason):
      "\(path): malformed safetensors header: \(reason)"
    case .malformedTensor(let path, let name, let reason):
      "\(path): tensor `\(name.escapedForTerminal)`: \(reason)"
    case .missingTensor(let path, let name):
      "\(path): tensor `\(name.escapedForTerminal)` is missing"
    case .ambiguousTensor(let path, let names):
      "\(path): " + names.map { "`\($0.escapedForTerminal)`" }.joined(separator: " and ")
        + " are the same tensor of the network"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor `\(name.escapedForTerminal)` has shape \(found), expected \(expected)"
    case .wrongType(let path, let name, let found):
      "\(path): tensor `\(name.escapedForTerminal)` has elements of type \(found), expected floats"
    }
  }
}
