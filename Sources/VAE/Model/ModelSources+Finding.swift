/// Finding the files of a model from what the user gives: a file, a folder, or a repository.
extension ModelSources {
  /// Names of indexes and files that diffusers writes, the preferred first.
  private static let indexNames = [
    "diffusion_pytorch_model.safetensors.index.json",
    "diffusion_pytorch_model.safetensors.index.fp16.json", "model.safetensors.index.json",
  ]
  private static let weightNames = [
    "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.fp16.safetensors",
  ]
  /// Ends of the names of pickles.
  private static let pickleSuffixes = [".bin", ".ckpt", ".pt", ".pth"]

  /// The model at `path`, a file or a folder.
  ///
  /// - Throws: `WeightsError`.
  init(path: String) throws {
    guard FileSystem.exists(path) else {
      throw WeightsError.noModel(path: path, reason: "no such file or folder")
    }
    if FileSystem.isFolder(path) {
      try self.init(ModelFolder(given: path), path: path, names: Self.names(of: path))
    } else {
      let folder = FileSystem.parent(of: path)
      let name = FileSystem.lastComponent(of: path)
      try self.init(
        file: name, in: ModelFolder(given: folder), names: [name] + Self.names(of: folder),
        path: path)
    }
  }

  /// The model that `cache` has of a repository.
  ///
  /// - Throws: `WeightsError`.
  init(_ repository: RepositoryID, in cache: HuggingFaceCache) throws {
    let folder = ModelFolder(snapshot: try cache.snapshot(of: repository))
    guard try Self.holdsWeights(folder) || folder.subfolder("vae").map(Self.holdsWeights) == true
    else {
      throw WeightsError.notCached(
        repository: repository.description,
        reason: "its snapshot in the cache \(Self.noWeights([], in: folder))",
        advice: repository.downloadAdvice)
    }
    try self.init(folder, path: repository.description, names: [repository.id])
  }

  /// The model in `folder` or in the folder vae/ inside.
  private init(_ folder: ModelFolder, path: String, names: [String]) throws {
    if let vae = try folder.subfolder("vae"), try Self.holdsWeights(vae) {
      try self.init(weightsIn: vae, path: path, names: names)
    } else {
      try self.init(weightsIn: folder, path: path, names: names)
    }
  }

  private static func holdsWeights(_ folder: ModelFolder) throws -> Bool {
    try indexNames.contains { try folder.entry($0) != nil }
      || !folder.names(endingIn: ".safetensors").isEmpty
  }

  private init(weightsIn folder: ModelFolder, path: String, names: [String]) throws {
    if let index = try Self.indexNames.first(where: { try folder.entry($0) != nil }) {
      try self.init(index: index, in: folder, names: names, path: path)
      return
    }
    let files = folder.names(endingIn: ".safetensors")
    let variants = files.filter { $0.hasPrefix("diffusion_pytorch_model.") }
    if let name = Self.weightNames.first(where: files.contains) {
      try self.init(file: name, in: folder, names: names, path: path)
    } else if variants.count == 1 {
      try self.init(file: variants[0], in: folder, names: names, path: path)
    } else {
      let name = try Self.onlyModel(files, in: folder, path: path)
      try self.init(
        file: name, in: folder, names: [name] + names, path: FileSystem.path(name, in: folder.path))
    }
  }

  /// The one of `files` that holds an autoencoder; of two halves that belong together, the first.
  private static func onlyModel(
    _ files: [String], in folder: ModelFolder, path: String
  ) throws -> String {
    if files.count == 1 { return files[0] }
    var models: [String] = []
    var failure: (any Error)?
    for name in files {
      do {
        guard let place = try folder.entry(name),
          let naming = TensorNaming(try SafetensorsFile(path: place).entries.keys)
        else { continue }
        let other = naming.tinyHalf.flatMap { sibling(of: name, $0) }
        if !models.contains(where: { $0 == other }) { models.append(name) }
      } catch {
        failure = failure ?? error
      }
    }
    if models.count == 1 { return models[0] }
    if let failure, models.isEmpty { throw failure }
    guard !models.isEmpty else {
      throw WeightsError.noModel(path: path, reason: noWeights(files, in: folder))
    }
    throw WeightsError.noModel(
      path: path,
      reason: "holds \(models.count) models ("
        + models.map(\.escapedForTerminal).joined(separator: ", ") + "); name a file")
  }

  private static func noWeights(_ files: [String], in folder: ModelFolder) -> String {
    guard files.isEmpty else {
      return "holds \(files.count) .safetensors files, none of them with an autoencoder"
    }
    let pickle = pickleSuffixes.lazy.flatMap { folder.names(endingIn: $0) }.first
    return "holds no .safetensors file"
      + (pickle.map {
        ", only `\($0.escapedForTerminal)`, a PyTorch pickle; convert it to safetensors"
      } ?? "")
  }

  /// The names of a folder and of those around it that may tell the family: of vae/ that of the
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
