/// Why what a user names leads to no model.
package enum CheckpointError: ModelFileError, Equatable {
  /// A path that leads to no model.
  case noModel(path: String, reason: String)
  /// A name that an index or a cache gives leads out of the folder it stands in.
  case outside(path: String, name: String)
  /// A repository, or one of its files, is not in the local cache; `advice` says how to get it.
  case notCached(repository: String, reason: String, advice: String)

  package var description: String {
    switch self {
    case .noModel(let path, let reason):
      "\(path): \(reason)"
    case .outside(let path, let name):
      "\(path): `\(name.escapedForTerminal)` leads out of the folder"
    case .notCached(let repository, let reason, let advice):
      "\(repository): \(reason); \(advice)"
    }
  }
}
