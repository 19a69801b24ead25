/// Why a model is none that a family has a network for.
package enum FamilyError: ModelFileError, Equatable {
  /// A configuration, or the index of a model's files, cannot be understood.
  case malformedConfig(path: String, reason: String)
  /// The configuration or the tensors ask for something that is not supported.
  case unsupported(path: String, what: String)
  /// The configuration is of another class than those in `supported`; empty if it names none.
  case unsupportedClass(path: String, name: String, supported: [String])

  package var description: String {
    switch self {
    case .malformedConfig(let path, let reason):
      "\(path): malformed configuration: \(reason)"
    case .unsupported(let path, let what):
      "\(path): \(what)"
    case .unsupportedClass(let path, let name, let supported):
      "\(path): class \(name.isEmpty ? "(none)" : name.escapedForTerminal) is not supported, only "
        + supported.dropLast().joined(separator: ", ")
        + " and \(supported.last ?? "") are"
    }
  }
}
