import FoundationEssentials

/// Which file holds which tensor of a model that is stored in several: an `.index.json`.
///
/// - SeeAlso: huggingface_hub `serialization/_base.py`, which writes it.
struct ShardIndex {
  /// The file of each tensor: plain names, of files in the folder of the index.
  let fileOfTensor: [String: String]

  /// The names of the files, sorted.
  var fileNames: [String] { Set(fileOfTensor.values).sorted() }

  private struct Text: Decodable {
    let weight_map: [String: String]
  }

  /// The index at `path`.
  ///
  /// - Throws: `UnreadableFile`, `FamilyError.malformedConfig` or `CheckpointError.outside`.
  init(path: String) throws {
    let json = try JSONFile.bytes(at: path)
    do {
      try JSONStrictness.check(json, allowsFractions: true)
      fileOfTensor = try JSONDecoder().decode(Text.self, from: Data(json)).weight_map
    } catch let error as JSONStrictness.Violation {
      throw FamilyError.malformedConfig(path: path, reason: error.description)
    } catch {
      throw FamilyError.malformedConfig(path: path, reason: error.jsonReason)
    }
    if let name = fileNames.first(where: { !Confinement.isPlain($0) }) {
      throw CheckpointError.outside(path: path, name: name)
    }
    guard !fileOfTensor.isEmpty else {
      throw FamilyError.malformedConfig(path: path, reason: "`weight_map` is empty")
    }
  }

  /// Opens the files.
  ///
  /// - Parameters:
  ///   - folder: where the index lies.
  ///   - confinement: what the files' names may lead to.
  /// - Throws: `ModelFileError`.
  func files(in folder: String, _ confinement: Confinement, path: String) throws
    -> [WeightsFile]
  {
    try fileNames.map { name in
      let file = folder + "/" + name
      guard FileSystem.exists(file) else {
        throw CheckpointError.noModel(path: path, reason: "`\(name.escapedForTerminal)` is missing")
      }
      guard confinement.allows(file) else { throw CheckpointError.outside(path: path, name: name) }
      let opened = try WeightsFile(path: file)
      for (tensor, holder) in fileOfTensor where holder == name && opened.entries[tensor] == nil {
        throw WeightsError.missingTensor(path: file, name: tensor)
      }
      return opened
    }
  }
}
