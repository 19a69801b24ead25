/// Why inputs and outputs make no batch.
public enum BatchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two inputs would become one file.
  case sameOutput(first: String, second: String, output: String)
  /// A file would be replaced that is an input.
  case overwritesInput(String)
  /// One file was named for several inputs.
  case oneFile(String, inputCount: Int)
  /// No folder was named for the outputs of several folders or of a list.
  case noFolder
  /// A file that stands in an output's place is not whole.
  case damagedOutput(String, reason: String)
  /// A file that stands in an output's place is not what the run would write.
  case otherOutput(String, differences: [String])
  /// Neither the name of the output nor the caller says its format.
  case unknownFormat(output: String)

  public var description: String {
    switch self {
    case .sameOutput(let first, let second, let output):
      "'\(first)' and '\(second)' would both become '\(output)'"
    case .overwritesInput(let path): "'\(path)' is an input and would be replaced"
    case .oneFile(let path, let count):
      "'\(path)' is one file for \(count) inputs, expected a folder"
    case .noFolder: "no folder is named for the outputs"
    case .damagedOutput(let path, let reason): "'\(path)' exists and is not whole: \(reason)"
    case .otherOutput(let path, let differences):
      "'\(path)' exists and is not what would be written: "
        + differences.joined(separator: "; ")
    case .unknownFormat(let output): "the name '\(output)' says no format"
    }
  }
}
