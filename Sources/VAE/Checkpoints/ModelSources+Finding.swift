/// Finding the files of a model from what the user gives: a file, a folder, or a repository.
extension ModelSources {
  /// The model at `path`: a file, an index of several, a folder, or that of a repository in a cache.
  ///
  /// - Throws: `ModelFileError`.
  init(path: String, families: [any AutoencoderFamily.Type]) throws {
    guard FileSystem.exists(path) else {
      throw CheckpointError.noModel(path: path, reason: "no such file or folder")
    }
    if let (repository, cache) = HuggingFaceCache.repository(at: path) {
      try self.init(repository, in: cache, families: families)
      return
    }
    if FileSystem.isFolder(path) {
      let folder = ModelFolder(given: path)
      guard let holder = try Self.holder(in: folder) else {
        throw CheckpointError.noModel(path: path, reason: try Self.noWeights(in: folder, families))
      }
      try self.init(
        weightsIn: holder.folder, holder.format, path: path, names: Self.names(of: path),
        families: families)
      return
    }
    let folder = FileSystem.parent(of: path)
    let name = FileSystem.lastComponent(of: path)
    try self.init(
      fileOrIndex: name, in: ModelFolder(given: folder), names: [name] + Self.names(of: folder),
      path: path, isNamed: true, families: families)
  }

  /// The model that `cache` has of a repository.
  ///
  /// - Throws: `ModelFileError`.
  init(
    _ repository: RepositoryID, in cache: HuggingFaceCache, families: [any AutoencoderFamily.Type]
  ) throws {
    let folder = ModelFolder(snapshot: try cache.snapshot(of: repository))
    guard let holder = try Self.holder(in: folder) else {
      throw cache.missing(
        repository, "its snapshot in the cache \(try Self.noWeights(in: folder, families))")
    }
    try self.init(
      weightsIn: holder.folder, holder.format, path: repository.description,
      names: [repository.id], families: families)
  }

  private init(
    fileOrIndex name: String, in folder: ModelFolder, names: [String], path: String,
    isNamed: Bool, families: [any AutoencoderFamily.Type]
  ) throws {
    if WeightFileName.isIndex(name) {
      try self.init(index: name, in: folder, names: names, path: path, families: families)
    } else {
      try self.init(
        file: name, in: folder, names: names, path: path, isNamed: isNamed, families: families)
    }
  }

  /// The folder vae/ of `folder` if there are weights in it, else `folder` itself, and their format, of
  /// which safetensors is looked for first; nil if there are none in either.
  private static func holder(
    in folder: ModelFolder
  ) throws -> (folder: ModelFolder, format: WeightFileName.Format)? {
    let folders = try [folder.subfolder("vae"), folder].compactMap(\.self)
    for format in WeightFileName.Format.allCases {
      let holder = folders.first { folder in
        let names = folder.names
        return !format.files(among: names).isEmpty
          || !WeightFileName.usual(among: names, format).isEmpty
      }
      if let holder { return (holder, format) }
    }
    return nil
  }

  private init(
    weightsIn folder: ModelFolder, _ format: WeightFileName.Format, path: String, names: [String],
    families: [any AutoencoderFamily.Type]
  ) throws {
    let usual = WeightFileName.usual(among: folder.names, format)
    guard usual.count < 2 else { throw Self.ambiguous(usual, path: path) }
    if let name = usual.first {
      try self.init(
        fileOrIndex: name, in: folder, names: names, path: path, isNamed: false, families: families)
    } else {
      let name = try Self.onlyModel(format, in: folder, path: path, families)
      try self.init(
        file: name, in: folder, names: [name] + names, path: FileSystem.path(name, in: folder.path),
        isNamed: false, families: families)
    }
  }

  /// The one file of `format` that holds an autoencoder; of two halves that belong together, the first.
  private static func onlyModel(
    _ format: WeightFileName.Format, in folder: ModelFolder, path: String,
    _ families: [any AutoencoderFamily.Type]
  ) throws -> String {
    let files = format.files(among: folder.names)
    if files.count == 1 { return files[0] }
    var models: [String] = []
    var failure: (any Error)?
    for name in files {
      do {
        guard let place = try folder.entry(name),
          let naming = TensorNaming(
            try WeightsFile(path: place).entries.keys, families: families)
        else { continue }
        let other = naming.sibling(of: name)
        if !models.contains(where: { $0 == other }) { models.append(name) }
      } catch {
        failure = failure ?? error
      }
    }
    if models.count == 1 { return models[0] }
    if let failure, models.isEmpty { throw failure }
    guard !models.isEmpty else {
      throw CheckpointError.noModel(
        path: path,
        reason: "holds \(files.count) \(format.noun) files, none of them with an autoencoder"
          + elsewhere(in: folder, families))
    }
    throw ambiguous(models, path: path)
  }

  private static func ambiguous(_ models: [String], path: String) -> CheckpointError {
    .noModel(
      path: path,
      reason: "holds \(models.count) models ("
        + models.map(\.escapedForTerminal).joined(separator: ", ") + "); name a file")
  }

  /// What a folder without weights holds in their place, in words: folders that hold an autoencoder; or
  /// models of other programs, in it or in vae/.
  private static func noWeights(
    in folder: ModelFolder, _ families: [any AutoencoderFamily.Type]
  ) throws -> String {
    let nothing = "holds no weights (\(WeightFileName.suffixes))"
    let elsewhere = elsewhere(in: folder, families)
    guard elsewhere.isEmpty else { return nothing + elsewhere }
    if let kind = FileKind.weightsName(ofFileAt: folder.path) { return "it looks like \(kind)" }
    for (place, folder) in [("vae/", try folder.subfolder("vae")), ("", folder)] {
      guard let folder,
        let name = folder.names.first(where: FileKind.isForeignModel),
        let path = try folder.entry(name)
      else { continue }
      // The name alone proves nothing: a download may have left something else in its place.
      let content =
        FileKind.weightsName(ofFileAt: path).map { ", which looks like \($0)" }
        ?? "; name it if it is one"
      return nothing + ", only `\(place)\(name.escapedForTerminal)`\(content)"
    }
    return nothing
  }

  /// The names of a folder and of those around it that may name the family: of vae/ that of the
  /// pipeline too, and of a snapshot in the cache that of the repository.
  private static func names(of folder: String) -> [String] {
    let resolved = FileSystem.resolved(folder) ?? folder
    let components = resolved.split(separator: "/").map(String.init)
    var names = [FileSystem.lastComponent(of: folder)] + components.suffix(1)
    if components.last == "vae" { names += components.dropLast().suffix(1) }
    names += components.filter { $0.hasPrefix("models--") }
    return names
  }
}
