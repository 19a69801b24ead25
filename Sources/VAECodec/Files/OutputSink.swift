/// Where the files go that work makes.
protocol OutputSink: Sendable {
  /// Takes the whole content of the file at `path`.
  ///
  /// - Parameter replacing: whether an existing file may be replaced.
  /// - Throws: `FileError`.
  func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws
}

/// Writes each file at once, whole and synced.
struct ImmediateOutput: OutputSink {
  func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
    try OutputFile.write(bytes, to: path, replacing: replacing)
  }
}
