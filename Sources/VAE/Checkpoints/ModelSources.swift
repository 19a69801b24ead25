/// Where the files of a model were found, with the headers of its tensors read.
struct ModelSources {
  /// What messages call the model.
  let path: String
  /// Names of the file, its folders and its repository, the most specific first.
  let names: [String]
  /// The config.json that goes with the tensors.
  private(set) var configPath: String?
  /// How the config.json came to be beside the tensors.
  private(set) var configurationSource = ConfigurationSource.own
  /// The files that hold the tensors: one, the two halves of a model, or the shards of an index.
  let files: [WeightsFile]
  /// How each file calls its tensors; nil for one without an autoencoder.
  let namings: [TensorNaming?]
  /// Says which tensor is in which file, of a model that is stored in several.
  private let index: ShardIndex?
  /// Those that the model may be of.
  let families: [any AutoencoderFamily.Type]

  /// The files of a model that are open already.
  init(
    path: String, names: [String], files: [WeightsFile], index: ShardIndex? = nil,
    families: [any AutoencoderFamily.Type]
  ) {
    self.families = families
    self.path = path
    self.names = names
    self.files = files
    self.index = index
    namings =
      index.map { index in
        // The shards share one naming; its levels are counted over all of them.
        [TensorNaming?](
          repeating: TensorNaming(index.fileOfTensor.keys, families: families), count: files.count)
      } ?? files.map { TensorNaming($0.entries.keys, families: families) }
  }

  /// The model in the file `name` of `folder`, with the other half of a model in two files or the
  /// config.json that lie beside it.
  ///
  /// - Parameter isNamed: whether the file itself was named, and not its folder.
  /// - Throws: `ModelFileError`.
  init(
    file name: String, in folder: ModelFolder, names: [String], path: String,
    isNamed: Bool, families: [any AutoencoderFamily.Type]
  ) throws {
    let file = try WeightsFile(path: folder.entry(required: name, of: path))
    var files = [file]
    let naming = TensorNaming(file.entries.keys, families: families)
    if let other = naming?.sibling(of: name), let path = try folder.entry(other) {
      files.append(try WeightsFile(path: path))
    }
    self.init(path: path, names: names, files: files, families: families)
    if naming?.pairedHalf == nil { configPath = try folder.entry("config.json") }
    if !WeightFileName.hasConfiguration(name) {
      configurationSource = isNamed ? .neighbour : .folder
    }
  }

  /// The model in the shards of the index `name` in `folder`.
  ///
  /// - Throws: `ModelFileError`.
  init(
    index name: String, in folder: ModelFolder, names: [String], path: String,
    families: [any AutoencoderFamily.Type]
  ) throws {
    let index = try ShardIndex(path: folder.entry(required: name, of: path))
    self.init(
      path: path, names: names,
      files: try index.files(in: folder.path, folder.indexConfinement, path: path), index: index,
      families: families)
    configPath = try folder.entry("config.json")
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

  /// The prefix of another autoencoder in the file, which was passed over.
  var otherPrefix: String? { namings.lazy.compactMap { $0?.otherPrefix }.first }

  /// The family of the tensors; a model of a kind that there is no network for is refused by what it
  /// is.
  ///
  /// - Throws: `FamilyError.unsupported` or `CheckpointError.noModel`.
  func checkedFamily() throws -> any AutoencoderFamily.Type {
    func unsupported(_ what: String) -> FamilyError { .unsupported(path: path, what: what) }
    for (number, (file, naming)) in zip(files, namings).enumerated() {
      guard let naming else { continue }
      if naming.isAmbiguous, let other = naming.otherPrefix {
        throw unsupported(
          "two autoencoders, \(Self.inWords(prefix: naming.prefix)) and "
            + "\(Self.inWords(prefix: other)); only one can be used, in a file of its own")
      }
      let own = file.entries.filter { includes($0.key, of: number) }
      let tensors = own.lazy.compactMap { name, entry in
        naming.networkComponents(name).map { (name: $0, entry: entry) }
      }
      if let kind = ForeignModel(tensors, except: naming.family.claimedKinds) {
        let name = kind == .levelAttention ? attentionName(in: file, naming) : ""
        throw unsupported(kind.rawValue + name)
      }
      if let name = own.keys.filter({ naming.isOutOfPlace($0) }).min() {
        throw unsupported(
          "`\(name.escapedForTerminal)` is no tensor of an \(naming.family.classNames[0])")
      }
      if let levels = naming.disputedLevels {
        throw unsupported("levels of its decoder: \(levels)")
      }
    }
    guard let naming = namings.lazy.compactMap(\.self).first else { throw foreignFailure() }
    return naming.family
  }

  private static func inWords(prefix: String) -> String {
    prefix.isEmpty ? "one without a prefix" : "`\(prefix.escapedForTerminal)`"
  }

  /// The first tensor of an attention layer beside the middle, in brackets.
  private func attentionName(in file: WeightsFile, _ naming: TensorNaming) -> String {
    let name = file.entries.keys.filter { name in
      naming.networkComponents(name).map {
        ForeignModel.kinds(of: $0, nil).contains(.levelAttention)
      } ?? false
    }.min()
    return name.map { " (`\($0.escapedForTerminal)`)" } ?? ""
  }

  /// Why files are refused that no family has a place for.
  private func foreignFailure() -> any ModelFileError {
    let tensors = files.lazy.flatMap(\.entries).map { name, entry in
      (name: ForeignModel.networkComponents(of: name), entry: entry)
    }
    if let kind = ForeignModel(
      tensors.filter { !$0.name.isEmpty }, except: [.quantizedWeights, .channelsLast])
    {
      return FamilyError.unsupported(path: path, what: kind.rawValue)
    }
    return CheckpointError.noModel(
      path: path, reason: OtherNetwork.description(files.flatMap(\.entries.keys)))
  }
}
