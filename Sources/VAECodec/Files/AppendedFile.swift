import VAE

import Glibc

/// A file of lines that grows, and whose lines are there to stay when they are synced.
final class AppendedFile: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Opens the file at `path`, which is made if there is none. A last line that was cut short is ended.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  init(_ path: String) throws {
    self.path = path
    descriptor = unsafe open(
      path.systemPath, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, mode_t(0o666))
    guard descriptor >= 0 else { throw OutputFile.failure(errno, path) }
    var last = UInt8(ascii: "\n")
    let end = lseek(descriptor, 0, SEEK_END)
    if end > 0 { _ = unsafe pread(descriptor, &last, 1, end - 1) }
    if last != UInt8(ascii: "\n") { try append([UInt8(ascii: "\n")]) }
  }

  deinit { close(descriptor) }

  /// Appends whole lines.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  func append(_ lines: [UInt8]) throws {
    try OutputFile.write(lines, to: descriptor, path: path)
  }

  /// Waits until what was appended is on the disk.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  func sync() throws {
    guard fdatasync(descriptor) == 0 else { throw OutputFile.failure(errno, path) }
  }
}
