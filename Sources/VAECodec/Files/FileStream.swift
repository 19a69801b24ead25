import VAE

import Glibc

/// A file that is read from its beginning to its end and never held as a whole.
package final class FileStream: ByteStream {
  private let path: String
  private let descriptor: Int32

  /// The file at `path`, or standard input for "-".
  ///
  /// - Throws: `FileError.unreadable`.
  package init(_ path: String) throws {
    self.path = path
    guard path != "-" else {
      descriptor = STDIN_FILENO
      return
    }
    descriptor = unsafe open(path.systemPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError.unreadable(path: path, reason: systemMessage(errno))
    }
  }

  /// Bytes of the file; nil for a pipe or a device.
  package var byteCount: Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  deinit {
    if path != "-", descriptor >= 0 { close(descriptor) }
  }

  package func read(atMost maximum: Int) throws -> [UInt8] {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maximum) { buffer, initialized in
      repeat {
        count = unsafe Glibc.read(descriptor, buffer.baseAddress, maximum)
      } while count < 0 && errno == EINTR
      initialized = max(count, 0)
    }
    guard count >= 0 else {
      throw FileError.unreadable(path: path, reason: systemMessage(errno))
    }
    return bytes
  }
}
