import VAE

import Glibc

/// A whole file under a temporary name, which takes its own name when that is due.
struct StagedFile: Sendable {
  /// Where the file is to lie.
  let target: String
  /// Bytes of the file.
  let byteCount: Int
  /// CRC-32 of the bytes.
  let checksum: UInt32
  /// What messages call the target.
  private let name: String
  private let temporary: String

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole content.
  ///   - target: where it is to lie, without links.
  ///   - folder: of the temporary name; on the file system of the target.
  ///   - name: what messages call the target.
  ///   - mode: the permissions; nil for those of a new file.
  ///   - isSynced: whether the content is on the disk when this returns.
  /// - Throws: `FileError.unwritable` and `.diskFull`, with nothing left behind.
  init(
    _ bytes: [UInt8], for target: String, in folder: String, named name: String,
    mode: mode_t? = nil,
    isSynced: Bool
  ) throws {
    self.target = target
    self.name = name
    byteCount = bytes.count
    checksum = Deflate.checksum(bytes)
    // Nobody else may open what takes the place of a file before it has that file's permissions.
    let descriptor: Int32
    (temporary, descriptor) = try OutputFile.makeTemporary(
      in: folder, mode: mode == nil ? 0o666 : 0o600, path: name)
    do {
      defer { close(descriptor) }
      if let mode, fchmod(descriptor, mode & 0o777) != 0 {
        throw OutputFile.failure(errno, name)
      }
      try OutputFile.write(bytes, to: descriptor, path: name)
      if isSynced { try OutputFile.sync(descriptor, path: name) }
    } catch {
      discard()
      throw error
    }
  }

  /// Gives the file its name.
  ///
  /// - Parameter replacing: whether it may take the place of another file.
  /// A file of the same bytes that is there already is left: another process does the same work.
  ///
  /// - Throws: `FileError.exists`, `.unwritable` and `.diskFull`; the file is gone then.
  func publish(replacing: Bool) throws {
    // A second link, unlike a new name, never takes the place of a file that somebody else has made meanwhile.
    if !replacing, unsafe link(temporary.systemPath, target.systemPath) == 0 { return discard() }
    let mayRename = replacing || [EPERM, ENOSYS, EOPNOTSUPP].contains(errno)
    if mayRename, unsafe rename(temporary.systemPath, target.systemPath) == 0 { return }
    let number = errno
    discard()
    if number == EEXIST, let other = try? InputFile.bytes(at: target), other.count == byteCount,
      Deflate.checksum(other) == checksum
    {
      return
    }
    throw number == EEXIST ? FileError.exists(path: name) : OutputFile.failure(number, name)
  }

  /// Takes the file away.
  func discard() { _ = unsafe unlink(temporary.systemPath) }
}
