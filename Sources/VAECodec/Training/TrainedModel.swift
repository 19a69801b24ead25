import FoundationEssentials
import VAE

/// A model that came of a training.
public struct TrainedModel: Sendable {
  /// What the folder says of the training.
  public let report: Report
  let config: any AutoencoderFamily
  let tensors: [SafetensorsWriter.Tensor]

  /// What the folder of a model says of its training.
  public struct Report: Sendable, Equatable, Codable {
    /// What was trained.
    public let settings: TrainingSettings
    /// Pictures that were learnt from.
    public let trainingPictures: Int
    /// Pictures that showed how well.
    public let validationPictures: Int
    /// What the model is worth: the record whose averaged weights it has.
    public let kept: TrainingRecord
    /// What became of the training, from before the first step to after the last one.
    public let records: [TrainingRecord]
  }

  /// Writes the model as a folder that diffusers loads: its configuration, its weights as f32, and what is known of
  /// its training in training.json.
  ///
  /// - Parameters:
  ///   - folder: is made where it is not there.
  ///   - replacing: whether files of an earlier model in it may be replaced.
  /// - Throws: `FileError`.
  public func write(to folder: String, replacing: Bool = false) throws {
    try OutputFile.makeFolder(folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let files: [(Self.File, [UInt8])] = [
      (.weights, SafetensorsWriter.bytes(tensors, metadata: [("format", "pt")])),
      (.training, Array(try encoder.encode(report)) + [UInt8(ascii: "\n")]),
      // The last one, because without it there is no model yet.
      (.configuration, try config.json()),
    ]
    for (file, bytes) in files {
      try OutputFile.write(
        bytes, to: FileSystem.path(file.rawValue, in: folder), replacing: replacing)
    }
  }

  /// A file of a model's folder.
  enum File: String, CaseIterable {
    case configuration = "config.json"
    case weights = "diffusion_pytorch_model.safetensors"
    case training = "training.json"
  }

  /// Checks before long work that `write` would be allowed to begin.
  ///
  /// - Throws: `FileError`.
  public static func check(_ folder: String, replacing: Bool = false) throws {
    guard FileSystem.isFolder(folder) else { return try OutputFile.check(folder) }
    for file in File.allCases {
      try OutputFile.check(FileSystem.path(file.rawValue, in: folder), replacing: replacing)
    }
  }
}
