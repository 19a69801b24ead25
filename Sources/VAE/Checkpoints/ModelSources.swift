/// Where the files of a model were found, with the headers of its tensors read.
struct ModelSources {
  /// What messages call the model.
  let path: String
  /// Names of the file, its folders and its repository, the most specific first.
  let names: [String]
  /// The config.json that goes with the tensors.
  private(set) var configPath: String?
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
  /// - Throws: `ModelFileError`.
  init(
    file name: String, in folder: ModelFolder, names: [String], path: String,
    families: [any AutoencoderFamily.Type]
  ) throws {
    let file = try WeightsFile(path: folder.entry(required: name, of: path))
    var files = [file]
    let naming = TensorNaming(file.entries.keys, families: families)
    if let other = naming?.sibling(of: name), let path = try folder.entry(other) {
      files.append(try WeightsFile(path: path))
    }
    self.init(path: path, names: names, files: files, families: families)
    if naming?.pairedHalf == nil { configPath = try folder.entry("config.json") }
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

  /// The family of the tensors; a model of a kind that there is no network for is refused by what it
  /// is.
  ///
  /// - Throws: `FamilyError.unsupported` or `CheckpointError.noModel`.
  func checkedFamily() throws -> any AutoencoderFamily.Type {
    for (file, naming) in zip(files, namings) {
      let kind = ForeignModel(
        file.entries, prefix: naming?.prefix ?? "", except: naming?.family.claimedKinds ?? [])
      if let kind { throw FamilyError.unsupported(path: path, what: kind.rawValue) }
    }
    if let levels = namings.lazy.compactMap({ $0?.disputedLevels }).first {
      throw FamilyError.unsupported(path: path, what: "levels of its decoder: \(levels)")
    }
    guard let naming = namings.lazy.compactMap(\.self).first else {
      throw CheckpointError.noModel(path: path, reason: "holds no tensor of an autoencoder")
    }
    return naming.family
  }
}
