/// Folders of autoencoders inside others: people name the folder of a training run, or of a pipeline that
/// calls its autoencoder otherwise.
extension ModelFolder {
  /// Folders inside one another that are looked into.
  private static let maximumDepth = 4
  /// Folders that are looked into, and files of each.
  private static let maximumFolderCount = 256
  private static let maximumFileCount = 8

  /// The folders inside that hold an autoencoder of `families`, by their paths from this one on, in the
  /// order of their depth. Links out of this folder are not followed.
  ///
  /// - Complexity: reads the headers of up to eight files in each of up to 256 folders.
  func foldersOfAutoencoders(_ families: [any AutoencoderFamily.Type]) -> [String] {
    var found: [String] = []
    var open: [(name: String, folder: ModelFolder)] = [("", confined)]
    var count = 0
    for _ in 0..<Self.maximumDepth {
      var inside: [(name: String, folder: ModelFolder)] = []
      for (name, folder) in open {
        for entry in folder.names where !entry.hasPrefix(".") && count < Self.maximumFolderCount {
          guard let subfolder = try? folder.subfolder(entry) else { continue }
          count += 1
          inside.append((name + entry, subfolder))
        }
      }
      found += inside.filter { $0.folder.holdsAutoencoder(families) }.map(\.name)
      open = inside.map { ($0.name + "/", $0.folder) }
    }
    return found
  }

  /// Whether one of the files of weights holds an autoencoder; what cannot be read does not.
  private func holdsAutoencoder(_ families: [any AutoencoderFamily.Type]) -> Bool {
    names.filter { WeightFileName.isIndex($0) || WeightFileName.isWeights($0) }
      .prefix(Self.maximumFileCount).contains { name in
        guard let path = try? entry(name) else { return false }
        let tensors =
          WeightFileName.isIndex(name)
          ? (try? ShardIndex(path: path))?.fileOfTensor.keys.map(\.self)
          : (try? WeightsFile(path: path))?.entries.keys.map(\.self)
        return tensors.map { TensorNaming($0, families: families) != nil } ?? false
      }
  }
}

extension ModelSources {
  /// Folders that are named, of those that were found.
  private static let shownCount = 4

  /// Where in `folder` there are autoencoders, in words that go on with a sentence; empty if nowhere.
  static func elsewhere(
    in folder: ModelFolder, _ families: [any AutoencoderFamily.Type]
  ) -> String {
    let found = folder.foldersOfAutoencoders(families)
    guard !found.isEmpty else { return "" }
    let shown = found.prefix(shownCount).map { "`\($0.escapedForTerminal)`" }
    let more = found.count > shownCount ? " and \(found.count - shownCount) more" : ""
    return "; an autoencoder is in its " + shown.joined(separator: ", ") + more
  }
}
