import FoundationEssentials
import VAE

/// A list of files: a line for each, a path that ends in a zero byte, or a JSON object on a line.
public struct InputList: Sendable {
  /// How the list is written.
  public enum Form: Sendable {
    /// A path a line; objects where the list is called .jsonl or .ndjson, or begins with "{".
    case lines
    /// A path before each zero byte, which may hold line ends.
    case zeros
  }

  /// Where the list lies; "-" for standard input.
  let path: String
  private let form: Form

  /// The list in the file at `path`, or on standard input for "-".
  public init(_ path: String, _ form: Form = .lines) {
    self.path = path
    self.form = form
  }

  /// The files of the list in its order.
  ///
  /// - Throws: `FileError`, `DatasetError.badLine`.
  func files() throws -> [DatasetInputs.File] {
    let bytes = try InputFile.bytes(at: path)
    let isJSON =
      form == .lines
      && (["jsonl", "ndjson"].contains(FileName(path).fileExtension)
        || bytes.first == UInt8(ascii: "{"))
    let end = form == .zeros ? 0 : UInt8(ascii: "\n")
    var files: [DatasetInputs.File] = []
    for (index, line) in bytes.split(separator: end, omittingEmptySubsequences: false).enumerated()
    {
      let line = form == .lines && line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard !line.isEmpty else { continue }
      let file =
        isJSON ? try object(line, number: index + 1) : Self.file(of: String(pathBytes: line))
      files.append(file)
    }
    return files
  }

  private static func file(of path: String) -> DatasetInputs.File {
    DatasetInputs.File(path: path, key: DatasetInputs.key(of: path))
  }

  private struct Object: Decodable {
    let path: String
    let key: String?
  }

  private func object(_ line: ArraySlice<UInt8>, number: Int) throws -> DatasetInputs.File {
    guard let object = try? JSONDecoder().decode(Object.self, from: Data(line)),
      !object.path.isEmpty
    else {
      throw DatasetError.badLine(
        list: path, number: number, reason: "is no JSON object with a member \"path\"")
    }
    guard let key = object.key else { return Self.file(of: object.path) }
    guard !key.isEmpty, DatasetInputs.key(of: key).pathBytes == key.pathBytes else {
      throw DatasetError.badLine(
        list: path, number: number,
        reason: "has a \"key\" that leads out of the output folder: '\(key)'")
    }
    return DatasetInputs.File(path: object.path, key: key)
  }
}
