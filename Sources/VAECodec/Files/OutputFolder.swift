import VAE

import Glibc

/// `syncfs` of the C library, which Swift's module of it leaves out.
@_silgen_name("syncfs")
private func systemSyncFileSystem(_ descriptor: Int32) -> Int32

/// Folders that files are written into.
enum OutputFolder {
  /// Makes the folder at `path` and those above it, as far as they are not there.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  static func make(_ path: String) throws {
    guard !FileSystem.isFolder(path) else { return }
    let parent = FileSystem.parent(of: path)
    if parent != path, parent != "." { try make(parent) }
    try OutputFile.makeFolder(path)
  }

  /// Waits until the names in the folder at `path` are on the disk.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  static func sync(_ path: String) throws {
    try withDescriptor(path) { try OutputFile.sync($0, path: path) }
  }

  /// Waits until all that was written to the file system of the folder at `path` is on the disk.
  ///
  /// - Throws: `FileError.unwritable` and `.diskFull`.
  static func syncFileSystem(of path: String) throws {
    try withDescriptor(path) { descriptor in
      guard systemSyncFileSystem(descriptor) == 0 else { throw OutputFile.failure(errno, path) }
    }
  }

  /// Takes away the folder at `path` with the files in it.
  static func remove(_ path: String) {
    for name in FileSystem.fileNames(in: path) where ![".", ".."].contains(name) {
      _ = unsafe unlink(FileSystem.path(name, in: path).systemPath)
    }
    _ = unsafe rmdir(path.systemPath)
  }

  private static func withDescriptor(_ path: String, _ body: (Int32) throws -> Void) throws {
    let descriptor = unsafe open(path.systemPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputFile.failure(errno, path) }
    defer { close(descriptor) }
    try body(descriptor)
  }
}
