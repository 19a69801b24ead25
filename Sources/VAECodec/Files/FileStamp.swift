import VAE

import Glibc

/// What the system says of a file, by which a later look sees that it is another one.
struct FileStamp: Equatable, Sendable {
  let byteCount: Int
  /// Nanoseconds since 1970.
  let modified: Int

  init(byteCount: Int, modified: Int) {
    self.byteCount = byteCount
    self.modified = modified
  }

  /// That of the file that `path` leads to.
  ///
  /// - Throws: `FileError.unreadable`, also for what is no ordinary file: reading it might never end.
  init(_ path: String) throws {
    var status = stat()
    guard unsafe stat(path.systemPath, &status) == 0 else {
      throw FileError.unreadable(path: path, reason: systemMessage(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw FileError.unreadable(
        path: path, reason: isFolder ? "the folder cannot be read" : "no ordinary file")
    }
    byteCount = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
  }
}
