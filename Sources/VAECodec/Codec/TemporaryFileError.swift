import VAE

/// Why tensors that memory has no room for cannot be kept in a temporary file.
public struct TemporaryFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder of the file, which the variable TMPDIR chooses.
  public let folder: String
  /// The room that was asked for, in bytes.
  public let byteCount: Int
  /// The system's words.
  public let reason: String
  /// All of it in one sentence.
  public let description: String
}

extension TemporaryFileError {
  /// The engine's error in the terms of this module.
  init(_ failure: SpillFile.Failure) {
    self.init(
      folder: failure.folder, byteCount: failure.byteCount, reason: failure.reason,
      description: failure.description)
  }
}
