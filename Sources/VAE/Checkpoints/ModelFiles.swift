/// The files of a model: its configuration and its tensors.
package struct ModelFiles: Sendable {
  /// The path or the repository as it was given, for messages.
  package let path: String
  /// The configuration, read from config.json or taken from the tensors.
  package let config: AutoencoderConfig
  /// The tensors under canonical names.
  package let weights: WeightStore
  /// The paths of the files that hold the tensors.
  package let filePaths: [String]
  /// What tells the family whose latents the model makes.
  package let evidence: FamilyEvidence
  /// What the files call their tensors, in words.
  package let naming: String
  /// Whether the groups of the norms were taken to be the usual 32, which no file says.
  package let assumesGroups: Bool
  /// The class of the config.json beside the tensors if it is another model's and was not taken, empty
  /// if it names none; nil where it was taken and where there is none.
  package let foreignClass: String?

  /// A model that is part of the program.
  ///
  /// - Parameters:
  ///   - name: stands for the path in messages.
  ///   - configuration: the bytes of its config.json.
  ///   - weights: the bytes of its safetensors file, which are never freed or written.
  /// - Throws: `ModelError`.
  package init(name: String, configuration: [UInt8], weights: UnsafeRawBufferPointer) throws {
    let file = try SafetensorsFile(unsafe MappedFile(name: name, staticBytes: weights))
    try self.init(
      ModelSources(path: name, names: [name], files: [file]), groups: nil,
      configuration: AutoencoderConfig(json: configuration, path: name))
  }

  /// The model at `path`: a .safetensors file, a diffusers folder, a pipeline folder with the model
  /// under vae/, a folder with one file of an autoencoder among others, or one half of a tiny
  /// autoencoder, which finds the other.
  ///
  /// - Parameter groups: of every group norm, where there is no config.json to tell them.
  /// - Throws: `ModelError`.
  package init(path: String, groups: Int? = nil) throws {
    try self.init(ModelSources(path: path), groups: groups)
  }

  /// The model that the local Hugging Face cache has of a repository.
  ///
  /// - Parameter groups: of every group norm, where there is no config.json to tell them.
  /// - Throws: `ModelError`.
  package init(
    _ repository: RepositoryID, in cache: HuggingFaceCache, groups: Int? = nil
  ) throws {
    try self.init(ModelSources(repository, in: cache), groups: groups)
  }

  private init(_ sources: ModelSources, groups: Int?) throws {
    // What the tensors are is said first: a configuration beside them may be that of something else.
    try sources.checkTensors()
    var configuration: AutoencoderConfig?
    var foreignClass: String?
    if let path = sources.configPath {
      do {
        configuration = try AutoencoderConfig(json: JSONFile.bytes(at: path), path: path)
      } catch FamilyError.unsupportedClass(_, let name, _)
        where sources.isCheckpoint || !AutoencoderConfig.isAutoencoder(className: name)
      {
        // People keep a file of weights beside the files of other models, and whole checkpoints
        // beside those of pipelines.
        foreignClass = name
      }
    }
    try self.init(
      sources, groups: groups, configuration: configuration, foreignClass: foreignClass)
  }

  private init(
    _ sources: ModelSources, groups: Int?, configuration: AutoencoderConfig?,
    foreignClass: String? = nil
  ) throws {
    let namings = sources.namings
    path = sources.path
    filePaths = sources.files.map(\.file.path)
    weights = try WeightStore(
      path: sources.path, files: sources.files,
      canonicalName: { name, file in
        sources.includes(name, of: file) ? namings[file]?.canonicalName(name) : nil
      },
      fileName: { canonical in
        let naming = namings.compactMap(\.self).first { naming in
          naming.tinyHalf.map { canonical.hasPrefix($0) } ?? true
        }
        return naming?.fileName(canonical) ?? canonical
      })
    let isTiny = namings.contains { $0?.isTiny == true }
    if let configuration {
      try sources.check(configuration, isTiny: isTiny)
      if case .kl(let configuration) = configuration { try sources.check(configuration, weights) }
      config = configuration
    } else if isTiny {
      config = .tiny(try AutoencoderTinyConfig(weights))
    } else {
      let detected = try AutoencoderKLConfig(weights, groups: groups)
      try detected.checkQuantConvolutions(weights)
      config = .kl(detected)
    }
    self.foreignClass = foreignClass
    if configuration == nil, groups == nil, case .kl(let detected) = config {
      assumesGroups = !detected.isPublished
    } else {
      assumesGroups = false
    }
    evidence = FamilyEvidence(sources)
    naming = namings.compactMap { $0?.summary }.first ?? ""
  }
}
