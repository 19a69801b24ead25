/// An error, and the file that was being worked on.
///
/// What reads a file or makes one of it throws this for whatever its own work throws without the
/// file's name. Errors that name a file already (`FileError`, and `CodecError.model`, whose file is
/// another one) and `CancellationError` are thrown as they are.
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
    } catch let error as CodecError {
      if case .model = error { throw error }
      throw InputError(path: path, reason: error)
    } catch let error where error is InputError || error is FileError || error is CancellationError
    {
      throw error
    } catch {
      throw InputError(path: path, reason: error)
    }
  }
}
