/// What the system says against reading or writing a file.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(path: String, reason: String)
  /// The file has more bytes than are read.
  case tooLong(path: String, maximum: Int)
  /// The file cannot be written; nothing was left behind.
  case unwritable(path: String, reason: String)
  /// There is no room left for the file; nothing of it was left behind.
  case diskFull(path: String)
  /// The file exists and was not to be replaced.
  case exists(path: String)
  /// The reader of a pipe is gone.
  case brokenPipe

  public var description: String {
    switch self {
    case .unreadable(let path, let reason), .unwritable(let path, let reason):
      "\(InputFile.displayName(of: path)): \(reason)"
    case .tooLong(let path, let maximum):
      "\(path): the file has more than \(maximum) bytes, the most that are read"
    case .diskFull(let path): "\(InputFile.displayName(of: path)): no space left on device"
    case .exists(let path): "\(path) exists"
    case .brokenPipe: "the reader of standard output is gone"
    }
  }
}
