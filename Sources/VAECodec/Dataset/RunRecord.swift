import FoundationEssentials
import VAE

/// What the files in an output folder have in common: all that their bytes depend on but the inputs.
public struct RunRecord: Codable, Equatable, Sendable {
  /// What is done, such as "encode".
  let command: String
  /// The model's name and the fingerprint of its weights; nil where none is run.
  let model: String?
  let fingerprint: String?
  /// Settings by their names.
  let settings: [String: String]

  init(
    command: String, model: String? = nil, fingerprint: UInt64? = nil, _ settings: [String: String]
  ) {
    self.command = command
    self.model = model
    self.fingerprint = fingerprint.map { String($0, radix: 16) }
    self.settings = settings
  }

  /// The record in the file at `path`; nil where there is none.
  ///
  /// - Throws: `DatasetError.damagedRecord`.
  init?(at path: String) throws {
    guard FileSystem.exists(path) else { return nil }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(InputFile.bytes(at: path)))
    } catch {
      throw DatasetError.damagedRecord(path)
    }
  }

  /// Writes the record to the file at `path`.
  ///
  /// - Throws: `FileError`.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try OutputFile.write(
      Array(encoder.encode(self)) + [UInt8(ascii: "\n")], to: path, replacing: true)
  }

  /// Whether the outputs are pictures.
  var makesPictures: Bool { ["decode", "preview"].contains(command) }

  /// The extension of the outputs; nil where the record does not say it.
  var fileExtension: String? {
    settings["format"].flatMap { format in
      makesPictures ? format : LatentFileFormat(identifier: format)?.fileExtension
    }
  }

  /// What is otherwise than in `other`, in words; the name of a model does not count if its weights are the same.
  func differences(from other: RunRecord) -> [String] {
    var differences: [String] = []
    func compare(_ name: String, _ found: String?, _ expected: String?) {
      guard found != expected else { return }
      differences.append("\(name) \(found ?? "none"), now \(expected ?? "none")")
    }
    compare("command", command, other.command)
    if fingerprint != other.fingerprint {
      func words(_ record: RunRecord) -> String? {
        record.model.map { "\($0) (\(record.fingerprint ?? "no encoder"))" }
      }
      compare("model", words(self), words(other))
    }
    for name in Set(settings.keys).union(other.settings.keys).sorted() {
      compare(name, settings[name], other.settings[name])
    }
    return differences
  }
}
