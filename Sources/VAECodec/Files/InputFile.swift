import VAE

import Glibc

/// Reading whole files.
public enum InputFile {
  /// Longer files are refused: a picture of as many pixels as are read unless asked for more, four
  /// 16-bit samples each, is of this length before it is compressed.
  public static let maximumByteCount = 1 << 31

  /// What messages call the file at `path`.
  public static func displayName(of path: String) -> String {
    switch path {
    case "-": "standard input"
    case "": "''"
    default: path
    }
  }

  /// The path of `bytes` as all calls of the library take it.
  ///
  /// Bytes that are no UTF-8 become characters of private use, U+10FF80...U+10FFFF for 0x80...0xFF, which
  /// stand for them wherever a path is taken.
  public static func path(of bytes: some Collection<UInt8>) -> String { String(pathBytes: bytes) }

  /// The bytes of the file at `path`, or of standard input for "-".
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - check: called with the first bytes, at least 512 of a file that has as many; what it throws
  ///     ends the reading, so that an endless stream of something else does not have to end.
  /// - Throws: `FileError.unreadable`, `.tooLong` above `maximumByteCount`, and what `check` throws.
  public static func bytes(
    at path: String, check: ([UInt8]) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    guard path != "-" else {
      return try bytes(of: STDIN_FILENO, path: displayName(of: path), check: check)
    }
    return try bytes(at: path, chunkByteCount: chunkByteCount, check: check)
  }

  /// The bytes of the file at `path`, read so many at a time.
  ///
  /// - Throws: as `bytes(at:check:)`.
  static func bytes(
    at path: String, chunkByteCount: Int, check: ([UInt8]) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    let descriptor = unsafe open(path.systemPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError.unreadable(path: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    return try bytes(of: descriptor, path: path, chunkByteCount: chunkByteCount, check: check)
  }

  /// Whether two paths name one file, whether it is there or not.
  package static func areSame(_ path: String, _ other: String) -> Bool {
    func place(_ path: String) -> [UInt8] {
      let folder = FileSystem.resolved(FileSystem.parent(of: path)) ?? FileSystem.parent(of: path)
      return FileSystem.path(FileSystem.lastComponent(of: path), in: folder).pathBytes
    }
    return path.pathBytes == other.pathBytes || FileSystem.areSame(path, other)
      || path != "-" && other != "-" && place(path) == place(other)
  }

  /// Whether there is something at `path`, or it is "-" for standard input.
  public static func exists(_ path: String) -> Bool { path == "-" || FileSystem.exists(path) }

  /// Whether `path` leads to a folder.
  public static func isFolder(_ path: String) -> Bool { FileSystem.isFolder(path) }

  /// Bytes that are read at a time.
  private static let chunkByteCount = 1 << 18

  /// Reads until the end; the size of a file is a hint only, since pipes have none.
  private static func bytes(
    of descriptor: Int32, path: String, chunkByteCount: Int = chunkByteCount,
    check: ([UInt8]) throws -> Void
  ) throws -> [UInt8] {
    var status = stat()
    let isRegular =
      unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let size = isRegular ? Int(status.st_size) : 0
    guard size <= maximumByteCount else {
      throw FileError.tooLong(path: path, maximum: maximumByteCount)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunkByteCount)
    var isChecked = false
    while true {
      let count = try read(descriptor, into: &buffer, path: path)
      bytes.append(contentsOf: buffer.prefix(count))
      if !isChecked, bytes.count >= FileKind.prefixByteCount || count == 0 {
        try check(bytes)
        isChecked = true
        // A file's bytes never move from here on.
        bytes.reserveCapacity(size)
      }
      if count == 0 { return bytes }
      guard bytes.count <= maximumByteCount else {
        throw FileError.tooLong(path: path, maximum: maximumByteCount)
      }
    }
  }

  /// Reads up to as many bytes as `buffer` has; returns how many there were, 0 at the end.
  static func read(
    _ descriptor: Int32, into buffer: inout [UInt8], path: String
  ) throws -> Int {
    var count = 0
    repeat {
      count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
    } while count < 0 && errno == EINTR
    guard count >= 0 else {
      throw FileError.unreadable(path: path, reason: systemMessage(errno))
    }
    return count
  }
}
