/// A folder in which the files of a model are looked for by their usual names.
struct ModelFolder {
  /// The folder's path.
  let path: String
  /// Where its entries may lead; nil for a folder that the user gave, which may hold links to
  /// anywhere.
  private let confinement: Confinement?

  /// A folder that the user gave.
  init(given path: String) {
    self.path = path
    confinement = nil
  }

  /// A snapshot of the cache, whose entries lead to its own files and to the repository's blobs only.
  init(snapshot path: String) {
    self.path = path
    confinement = Confinement(path)
  }

  private init(path: String, confinement: Confinement?) {
    self.path = path
    self.confinement = confinement
  }

  /// The same folder, whose entries may not lead out of it.
  var confined: ModelFolder { ModelFolder(path: path, confinement: indexConfinement) }

  /// Where the files that an index in the folder names may lead.
  var indexConfinement: Confinement { confinement ?? Confinement(path) }

  /// The path of the entry `name`, or nil if it is not there; a link to nothing is not.
  ///
  /// - Throws: `CheckpointError.outside` for an entry of a snapshot that leads out of it.
  func entry(_ name: String) throws -> String? {
    let entry = FileSystem.path(name, in: path)
    guard FileSystem.exists(entry) else { return nil }
    guard confinement?.allows(entry) ?? true else {
      throw CheckpointError.outside(path: path, name: name)
    }
    return entry
  }

  /// The path of the entry `name`, which the model at `model` needs.
  ///
  /// - Throws: `CheckpointError.noModel` if it is not there, and as `entry`.
  func entry(required name: String, of model: String) throws -> String {
    guard let entry = try entry(name) else {
      throw CheckpointError.noModel(path: model, reason: "`\(name.escapedForTerminal)` is missing")
    }
    return entry
  }

  /// The folder `name` inside, or nil if it is not there.
  ///
  /// - Throws: as `entry`.
  func subfolder(_ name: String) throws -> ModelFolder? {
    guard let entry = try entry(name), FileSystem.isFolder(entry) else { return nil }
    guard confinement?.allows(folder: entry) ?? true else {
      throw CheckpointError.outside(path: path, name: name)
    }
    return ModelFolder(path: entry, confinement: confinement)
  }

  /// The names of the entries, sorted, links to nothing left out.
  var names: [String] {
    FileSystem.fileNames(in: path).filter { FileSystem.exists(FileSystem.path($0, in: path)) }
  }
}
