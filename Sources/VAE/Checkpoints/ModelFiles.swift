/// The files of a model: its configuration and its tensors.
package struct ModelFiles: Sendable {
  /// The path or the repository as it was given, for messages.
  package let path: String
  /// The configuration, read from config.json or taken from the tensors; its type is the model's family.
  package let config: any AutoencoderFamily
  /// The tensors under canonical names.
  package let weights: WeightStore
  /// The paths of the files that hold the tensors.
  package let filePaths: [String]
  /// What the files say about whose latents the model makes.
  package let evidence: FamilyEvidence
  /// What the files call their tensors, in words.
  package let naming: String
  /// The groups of the norms, where they were taken to be as many as published models have and no file
  /// says so.
  package let assumedGroups: Int?
  /// Where the configuration comes from.
  package let configurationSource: ConfigurationSource
  /// The prefix of another autoencoder in the file, which was passed over; nil where there is none.
  package let otherPrefix: String?

  /// A model that is part of the program.
  ///
  /// - Parameters:
  ///   - name: stands for the path in messages.
  ///   - configuration: the bytes of its config.json.
  ///   - weights: its safetensors file.
  ///   - families: those that the model may be of.
  /// - Throws: `ModelFileError`.
  package init(
    name: String, configuration: [UInt8], weights: MappedFile,
    families: [any AutoencoderFamily.Type] = AutoencoderFamilies.all
  ) throws {
    let file = try WeightsFile(weights)
    let sources = ModelSources(path: name, names: [name], files: [file], families: families)
    let family = try sources.checkedFamily()
    try self.init(
      sources, family, Self.weights(sources, family), groups: nil,
      configuration: families.configuration(json: configuration, path: name))
  }

  /// The model at `path`: a .safetensors file, a diffusers folder, a pipeline folder with the model
  /// under vae/, a folder with one file of an autoencoder among others, or one half of a model in two
  /// files, which finds the other.
  ///
  /// - Parameters:
  ///   - groups: of every group norm, where no config.json says it.
  ///   - families: those that the model may be of.
  /// - Throws: `ModelFileError`.
  package init(
    path: String, groups: Int? = nil,
    families: [any AutoencoderFamily.Type] = AutoencoderFamilies.all
  ) throws {
    try self.init(ModelSources(path: path, families: families), groups: groups)
  }

  /// The model that the local Hugging Face cache has of a repository.
  ///
  /// - Parameters:
  ///   - groups: of every group norm, where no config.json says it.
  ///   - families: those that the model may be of.
  /// - Throws: `ModelFileError`.
  package init(
    _ repository: RepositoryID, in cache: HuggingFaceCache, groups: Int? = nil,
    families: [any AutoencoderFamily.Type] = AutoencoderFamilies.all
  ) throws {
    try self.init(ModelSources(repository, in: cache, families: families), groups: groups)
  }

  private init(_ sources: ModelSources, groups: Int?) throws {
    // What the tensors are is said first: a configuration beside them may be that of something else.
    let family = try sources.checkedFamily()
    let weights = try Self.weights(sources, family)
    var configuration: (any AutoencoderFamily)?
    var otherClass: String?
    if let path = sources.configPath {
      do {
        configuration = try sources.families.configuration(
          json: JSONFile.bytes(at: path), path: path)
      } catch FamilyError.unsupportedClass(_, let name, _)
        where sources.configurationSource == .neighbour || sources.isCheckpoint
        || !Self.isAutoencoder(className: name)
      {
        // People keep a file of weights beside the files of other models, and whole checkpoints
        // beside those of pipelines.
        otherClass = name
      } catch {
        guard sources.configurationSource == .neighbour else { throw error }
      }
    }
    try self.init(
      sources, family, weights, groups: groups, configuration: configuration,
      otherClass: otherClass)
  }

  private init(
    _ sources: ModelSources, _ family: any AutoencoderFamily.Type, _ weights: WeightStore,
    groups: Int?, configuration: (any AutoencoderFamily)?, otherClass: String? = nil
  ) throws {
    self.weights = weights
    path = sources.path
    filePaths = sources.files.map(\.file.path)
    let isNeighbour = sources.configurationSource == .neighbour
    if let configuration, !isNeighbour || Self.fits(configuration, weights, family) {
      let configPath = sources.configPath ?? sources.path
      try Self.check(configuration, isOf: family, sources.path, configPath: configPath)
      try configuration.check(weights, configPath: configPath)
      config = configuration
      assumedGroups = nil
      configurationSource = sources.configurationSource
    } else {
      config = try family.init(detectedIn: weights, groups: groups)
      assumedGroups = groups == nil ? config.assumedGroups : nil
      configurationSource =
        otherClass.map(ConfigurationSource.otherClass)
        ?? (sources.configPath == nil ? .tensors : .unfitting)
    }
    otherPrefix = sources.otherPrefix
    evidence = FamilyEvidence(sources)
    naming = sources.namings.compactMap { $0?.summary }.first ?? ""
  }

  /// The tensors of the model, which is one of RGB pictures.
  private static func weights(
    _ sources: ModelSources, _ family: any AutoencoderFamily.Type
  ) throws -> WeightStore {
    let namings = sources.namings
    let weights = try WeightStore(
      path: sources.path, files: sources.files,
      canonicalName: { name, file in
        sources.includes(name, of: file) ? namings[file]?.canonicalName(name) : nil
      },
      fileName: { canonical in
        namings.lazy.compactMap { $0?.fileName(canonical) }.first ?? canonical
      })
    try PictureChannels.check(weights, family)
    return weights
  }

  /// Whether a configuration that lies beside the tensors may be theirs.
  private static func fits(
    _ configuration: any AutoencoderFamily, _ weights: WeightStore,
    _ family: any AutoencoderFamily.Type
  ) -> Bool {
    type(of: configuration) == family && configuration.fits(weights)
  }

  /// Whether a class of this name is some kind of autoencoder, whether or not there is a network for it.
  private static func isAutoencoder(className: String) -> Bool {
    ["autoencoder", "vae", "vqmodel"].contains { className.lowercased().contains($0) }
  }

  /// Checks that `configuration` is that of the family whose tensors the files hold.
  private static func check(
    _ configuration: any AutoencoderFamily, isOf family: any AutoencoderFamily.Type,
    _ path: String, configPath: String
  ) throws {
    let stated = type(of: configuration)
    guard stated != family else { return }
    let found =
      family.noun.map { "holds a \($0)" } ?? "holds no \(stated.noun ?? configuration.className)"
    throw CheckpointError.noModel(
      path: path, reason: "\(found), \(configPath) says \(configuration.className)")
  }
}
