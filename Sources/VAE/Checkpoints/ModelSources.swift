/// Where the files of a model were found, with the headers of its tensors read.
struct ModelSources {
  /// What messages call the model.
  let path: String
  /// Names of the file, its folders and its repository, the most telling first.
  let names: [String]
  /// The config.json that goes with the tensors.
  private(set) var configPath: String?
  /// The files that hold the tensors: one, the two halves of a tiny autoencoder, or the shards of an
  /// index.
  let files: [SafetensorsFile]
  /// How each file calls its tensors; nil for one without an autoencoder.
  let namings: [TensorNaming?]
  /// Says which tensor is in which file, of a model that is stored in several.
  private let index: ShardIndex?

  /// The files of a model that are open already.
  init(path: String, names: [String], files: [SafetensorsFile], index: ShardIndex? = nil) {
    self.path = path
    self.names = names
    self.files = files
    self.index = index
    namings =
      index.map { index in
        // The shards share one naming; its levels are counted over all of them.
        [TensorNaming?](repeating: TensorNaming(index.fileOfTensor.keys), count: files.count)
      } ?? files.map { TensorNaming($0.entries.keys) }
  }

  /// The model in the file at `path`, with the other half of a tiny autoencoder and the config.json
  /// that lie beside it.
  ///
  /// - Throws: `ModelError`.
  init(file name: String, in folder: ModelFolder, names: [String], path: String) throws {
    guard let place = try folder.entry(name) else {
      throw CheckpointError.noModel(path: path, reason: "`\(name.escapedForTerminal)` is missing")
    }
    let file = try SafetensorsFile(path: place)
    var files = [file]
    let half = TensorNaming(file.entries.keys)?.tinyHalf
    if let half, let other = Self.sibling(of: name, half), let path = try folder.entry(other) {
      files.append(try SafetensorsFile(path: path))
    }
    self.init(path: path, names: names, files: files)
    // The original halves have a configuration of their own, which their names tell.
    if half == nil { configPath = try folder.entry("config.json") }
  }

  /// The model in the shards of the index `name` in `folder`.
  ///
  /// - Throws: `ModelError`.
  init(index name: String, in folder: ModelFolder, names: [String], path: String) throws {
    guard let place = try folder.entry(name) else {
      throw CheckpointError.noModel(path: path, reason: "`\(name.escapedForTerminal)` is missing")
    }
    let index = try ShardIndex(path: place)
    self.init(
      path: path, names: names,
      files: try index.files(in: folder.path, folder.indexConfinement, path: path), index: index)
    configPath = try folder.entry("config.json")
  }

  /// The name of the file of the other half of a tiny autoencoder, or nil if `name` does not tell.
  static func sibling(of name: String, _ half: String) -> String? {
    let other = half == "encoder" ? "decoder" : "encoder"
    let changed = name.replacing("_\(half).", with: "_\(other).")
    return changed == name ? nil : changed
  }

  /// Whether the file is a checkpoint that holds more than an autoencoder.
  var isCheckpoint: Bool {
    namings.contains { $0?.prefix.isEmpty == false }
  }

  /// Whether the tensor `name` of a file counts: one that stands in the index, where there is one.
  func includes(_ name: String, of file: Int) -> Bool {
    guard let index else { return true }
    return index.fileOfTensor[name] == index.fileNames[file]
  }

  /// Checks that the tensors are those of an autoencoder of this family; one of another kind is
  /// refused by what it is.
  ///
  /// - Throws: `FamilyError.unsupported` or `.noModel`.
  func checkTensors() throws {
    for (file, naming) in zip(files, namings) {
      if let kind = ForeignModel(file.entries, prefix: naming?.prefix ?? "") {
        throw FamilyError.unsupported(path: path, what: kind.rawValue)
      }
    }
    if let levels = namings.lazy.compactMap({ $0?.disputedLevels }).first {
      throw FamilyError.unsupported(
        path: path,
        what: "levels of its decoder: \(levels.latentDiffusion) by its latent-diffusion names, "
          + "\(levels.diffusers) by its diffusers names")
    }
    guard namings.contains(where: { $0 != nil }) else {
      throw CheckpointError.noModel(path: path, reason: "holds no tensor of an autoencoder")
    }
  }

  /// Checks that the network of `configuration` leaves none of the tensors out: one that is smaller
  /// than what the files hold would compute something else, without an error.
  ///
  /// - Throws: `FamilyError.malformedConfig`.
  func check(_ configuration: AutoencoderKLConfig, _ weights: WeightStore) throws {
    guard
      let held = try? AutoencoderKLConfig(weights, groups: configuration.normNumGroups)
    else { return }
    let (levels, own) = (held.blockOutChannels.count, configuration.blockOutChannels.count)
    let differences = [
      levels > own ? "\(levels) levels, it says \(own)" : nil,
      held.layersPerBlock > configuration.layersPerBlock
        ? "\(held.layersPerBlock) layers a block, it says \(configuration.layersPerBlock)" : nil,
      held.midBlockAddAttention && !configuration.midBlockAddAttention
        ? "an attention layer, it says none" : nil,
    ]
    guard let difference = differences.compactMap(\.self).first else { return }
    throw FamilyError.malformedConfig(
      path: configPath ?? path, reason: "the tensors have \(difference)")
  }

  /// Checks that the tensors are those of the class that `configuration` names.
  ///
  /// - Throws: `CheckpointError.noModel`.
  func check(_ configuration: AutoencoderConfig, isTiny: Bool) throws {
    let wantsTiny = if case .tiny = configuration { true } else { false }
    guard wantsTiny != isTiny else { return }
    throw CheckpointError.noModel(
      path: path,
      reason: "holds \(isTiny ? "a" : "no") tiny autoencoder, \(configPath ?? path) says "
        + configuration.className)
  }
}
