import VAE

import Glibc

/// Keeps other processes out of what one process does in a folder, as long as it lives.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock that the file at `path` is, which is made if there is none.
  ///
  /// - Parameter holder: who takes it, in words for those who find it taken.
  /// - Returns: nil if another process has it, with who that is.
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  static func taken(_ path: String, holder: String) throws -> (lock: FolderLock?, holder: String) {
    let descriptor = unsafe open(path.systemPath, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o666))
    guard descriptor >= 0 else { throw OutputFile.failure(errno, path) }
    let lock = FolderLock(descriptor)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      let bytes = (try? InputFile.bytes(at: path)) ?? []
      return (nil, String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
    // A file system without locks is used without.
    guard ftruncate(descriptor, 0) == 0 else { throw OutputFile.failure(errno, path) }
    try OutputFile.write(Array((holder + "\n").utf8), to: descriptor, path: path)
    return (lock, holder)
  }

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
