/// A file that the system cannot open or map, or one that is not read for its size.
package struct UnreadableFile: ModelFileError, Equatable {
  /// The path as it was given.
  package let path: String
  /// The system's words, or what the file is.
  package let reason: String

  /// The file at `path`, unreadable for `reason`.
  package init(path: String, reason: String) {
    (self.path, self.reason) = (path, reason)
  }

  package var description: String { "\(path): \(reason)" }
}
