/// An error, and the file that was being worked on.
///
/// What reads a file, or makes another one of it, throws this in place of errors that do not name the
/// file. `FileError`, and `CodecError.model`, which is about another file, are thrown as they are, and
/// so is `CancellationError`.
public struct InputError: Error, CustomStringConvertible {
  /// The path of the file; "-" for standard input.
  public let path: String
  /// What happened, such as an `ImageFileError` or a `ContainerError`.
  public let reason: any Error

  /// An error about the file at `path`.
  public init(path: String, reason: any Error) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(InputFile.displayName(of: path)): \(reason)" }

  /// Calls `body`, and gives its errors the name of the file at `path`.
  ///
  /// - Throws: `InputError`, and what names its file itself.
  package static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as any FileNamingError where error.namesFile {
      throw error
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw InputError(path: path, reason: error)
    }
  }
}

/// An error that may name the file that it is about.
protocol FileNamingError: Error {
  /// Whether it does.
  var namesFile: Bool { get }
}

extension InputError: FileNamingError {
  var namesFile: Bool { true }
}

extension FileError: FileNamingError {
  var namesFile: Bool { true }
}
