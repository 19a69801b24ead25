import VAE

import Glibc

/// Writing whole files, or nothing.
public enum OutputFile {
  /// What errors call standard output.
  static let standardOutput = "standard output"

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
      return try write(bytes, to: STDOUT_FILENO, path: standardOutput)
    }
    let mode = try existingMode(of: path, replacing: replacing)
    if let mode, mode & S_IFMT != S_IFREG {
      try writeDirectly(bytes, to: path)
    } else {
      try replace(path, of: mode, with: bytes)
    }
  }

  /// Checks before long work that `write` would be allowed to begin.
  ///
  /// - Throws: `FileError`.
  public static func check(_ path: String, replacing: Bool = false) throws {
    guard path != "-" else { return }
    let mode = try existingMode(of: path, replacing: replacing)
    let isStream = mode.map { $0 & S_IFMT != S_IFREG } ?? false
    guard unsafe access((isStream ? path : FileSystem.parent(of: path)).systemPath, W_OK) == 0
    else {
      throw failure(errno, path)
    }
  }

  /// The mode of what is at `path`, links followed; nil where there is nothing.
  ///
  /// - Throws: `FileError` if it must not be written over.
  private static func existingMode(of path: String, replacing: Bool) throws -> mode_t? {
    var status = stat()
    guard unsafe stat(path.systemPath, &status) == 0 else {
      guard unsafe lstat(path.systemPath, &status) != 0 else {
        throw FileError.unwritable(path: path, reason: "a symbolic link that leads nowhere")
      }
      return nil
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw FileError.unwritable(path: path, reason: systemMessage(EISDIR))
    case S_IFREG where !replacing: throw FileError.exists(path: path)
    default: return status.st_mode
    }
  }

  /// Makes the folder at `path` if it is not there; the one it lies in must be.
  ///
  /// - Throws: `FileError.unwritable`.
  public static func makeFolder(_ path: String) throws {
    guard unsafe mkdir(path.systemPath, 0o777) == 0 || FileSystem.isFolder(path) else {
      let reason = errno == EEXIST ? systemMessage(ENOTDIR) : systemMessage(errno)
      throw FileError.unwritable(path: path, reason: reason)
    }
  }

  /// Takes away the file at `path`, if there is one.
  ///
  /// - Throws: `FileError.unwritable`.
  public static func remove(_ path: String) throws {
    guard unsafe unlink(path.systemPath) == 0 || errno == ENOENT else {
      throw failure(errno, path)
    }
  }

  /// - Parameter mode: of the file that is replaced, whose permissions are kept; nil where there is none.
  private static func replace(_ path: String, of mode: mode_t?, with bytes: [UInt8]) throws {
    // Follows a link, so that the file it leads to is replaced and not the link.
    let target = FileSystem.resolved(path) ?? path
    try StagedFile(
      bytes, for: target, in: FileSystem.parent(of: target), named: path, mode: mode, isSynced: true
    ).publish(replacing: mode != nil)
  }

  /// Waits until what was written is on the disk.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  static func sync(_ descriptor: Int32, path: String) throws {
    guard fsync(descriptor) == 0 else { throw failure(errno, path) }
  }

  /// Names that are tried for a temporary file; of 64 random bits, a second one hardly ever.
  private static let maximumAttempts = 16

  /// Makes an empty file in `folder`, of what the umask leaves of `mode`.
  ///
  /// - Parameter path: what messages call the file that it becomes.
  /// - Returns: its path, and a descriptor to write to it.
  /// - Throws: `FileError.unwritable`.
  static func makeTemporary(
    in folder: String, mode: mode_t, path: String
  ) throws -> (path: String, descriptor: Int32) {
    for _ in 0..<maximumAttempts {
      // The name does not grow with the target's, which may be as long as names can be.
      let name = FileSystem.path(
        ".vaecodec.\(String(UInt64.random(in: 0 ... .max), radix: 36))", in: folder)
      let descriptor = unsafe open(name.systemPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { break }
    }
    throw failure(errno, path)
  }

  private static func writeDirectly(_ bytes: [UInt8], to path: String) throws {
    let descriptor = unsafe open(path.systemPath, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw failure(errno, path)
    }
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path: path)
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
      }
      if count > 0 {
        offset += count
      } else if errno == EPIPE, descriptor == STDOUT_FILENO {
        throw FileError.brokenPipe
      } else if errno != EINTR {
        throw failure(errno, path)
      }
    }
  }

  /// The error for what the system says against writing the file at `path`.
  static func failure(_ number: Int32, _ path: String) -> FileError {
    [ENOSPC, EDQUOT].contains(number)
      ? .diskFull(path: path) : .unwritable(path: path, reason: systemMessage(number))
  }
}
