/// Why inputs and outputs make no batch.
public enum BatchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two inputs would become one file.
  case sameOutput(first: String, second: String, output: String)
  /// One file was named for several inputs.
  case oneFile(String, inputCount: Int)
  /// Neither the name of the output nor the caller says its format.
  case unknownFormat(output: String)

  public var description: String {
    switch self {
    case .sameOutput(let first, let second, let output):
      "'\(first)' and '\(second)' would both become '\(output)'"
    case .oneFile(let path, let count):
      "'\(path)' is one file for \(count) inputs, expected a folder"
    case .unknownFormat(let output): "the name '\(output)' says no format"
    }
  }
}
