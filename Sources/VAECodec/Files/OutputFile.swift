import VAE

import Glibc

/// Writing whole files, or nothing.
public enum OutputFile {
  /// Writes `bytes` to the file at `path`, or to standard output for "-".
  ///
  /// The bytes go to a temporary file beside the target, which is synced and renamed: whoever looks
  /// sees the old file or the new one. Devices and pipes are written to directly.
  ///
  /// - Parameters:
  ///   - bytes: the whole content.
  ///   - path: the target.
  ///   - replacing: whether an existing file may be replaced.
  /// - Throws: `FileError`.
  public static func write(_ bytes: [UInt8], to path: String, replacing: Bool = false) throws {
    guard path != "-" else {
      return try write(bytes, to: STDOUT_FILENO, path: "standard output")
    }
    var status = stat()
    if unsafe stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw FileError.unwritable(path: path, reason: systemMessage(EISDIR))
      case S_IFREG: break
      default: return try writeDirectly(bytes, to: path)
      }
      guard replacing else { throw FileError.exists(path: path) }
    }
    try replace(path, with: bytes)
  }

  /// Checks before long work that `write` would be allowed to begin.
  ///
  /// - Throws: `FileError`.
  public static func check(_ path: String, replacing: Bool = false) throws {
    guard path != "-" else { return }
    if FileSystem.isFolder(path) {
      throw FileError.unwritable(path: path, reason: systemMessage(EISDIR))
    }
    if FileSystem.isRegular(path), !replacing { throw FileError.exists(path: path) }
    let folder = FileSystem.parent(of: path)
    guard unsafe (access(folder, W_OK) == 0 || access(path, W_OK) == 0) else {
      throw FileError.unwritable(path: path, reason: systemMessage(errno))
    }
  }

  /// Makes the folder at `path` if it is not there; the one it lies in must be.
  ///
  /// - Throws: `FileError.unwritable`.
  public static func makeFolder(_ path: String) throws {
    guard unsafe mkdir(path, 0o777) == 0 || FileSystem.isFolder(path) else {
      throw FileError.unwritable(path: path, reason: systemMessage(errno))
    }
  }

  private static func replace(_ path: String, with bytes: [UInt8]) throws {
    // Follows a link, so that the file it leads to is replaced and not the link.
    let target = unsafe realpath(path, nil).map { pointer in
      defer { unsafe free(pointer) }
      return unsafe String(cString: pointer)
    }
    var template = Array("\(target ?? path).XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else {
      throw FileError.unwritable(path: path, reason: systemMessage(errno))
    }
    let temporary = unsafe template.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe String(cString: $0) } ?? ""
    }
    do {
      defer { close(descriptor) }
      let mask = umask(0)
      umask(mask)
      guard fchmod(descriptor, 0o666 & ~mask) == 0 else {
        throw FileError.unwritable(path: path, reason: systemMessage(errno))
      }
      try write(bytes, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else {
        throw FileError.unwritable(path: path, reason: systemMessage(errno))
      }
      guard unsafe rename(temporary, target ?? path) == 0 else {
        throw FileError.unwritable(path: path, reason: systemMessage(errno))
      }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  private static func writeDirectly(_ bytes: [UInt8], to path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError.unwritable(path: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path: path)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
      }
      if count > 0 {
        offset += count
      } else if errno == EPIPE {
        throw FileError.brokenPipe
      } else if errno != EINTR {
        throw FileError.unwritable(path: path, reason: systemMessage(errno))
      }
    }
  }
}
