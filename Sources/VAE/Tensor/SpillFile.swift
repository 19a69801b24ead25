import Glibc

/// A temporary file that has no name, for tensors that memory has no room for.
///
/// The system keeps what it can of the file in memory that it gives back when somebody needs it.
///
/// `@unchecked Sendable` because the descriptor is constant and reads and writes name their place.
@safe package final class SpillFile: @unchecked Sendable {
  private let descriptor: Int32
  private let folder: String

  /// Why a temporary file cannot be made, read or written.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    /// The folder of the file.
    package let folder: String
    /// Bytes of the file.
    package let byteCount: Int
    /// The system's reason.
    package let reason: String

    package var description: String {
      "\((byteCount + 999_999) / 1_000_000) MB of temporary data in \(folder) (TMPDIR names another "
        + "folder): \(reason)"
    }
  }

  /// A file with room for `byteCount` bytes, in the folder that TMPDIR names or in /var/tmp.
  ///
  /// - Throws: `Failure`, if the room is not there.
  package init(byteCount: Int) throws {
    let variable = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
    folder = variable.flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
    var template = "\(folder)/vaecodec.XXXXXX".systemPath
    descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else {
      throw Failure(folder: folder, byteCount: byteCount, reason: systemMessage(errno))
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unsafe unlink(template)
    let code = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard code == 0 else {
      throw Failure(folder: folder, byteCount: byteCount, reason: systemMessage(code))
    }
  }

  deinit { close(descriptor) }

  /// Fills `destination` with the bytes at `offset`.
  ///
  /// - Throws: `Failure`.
  func read(_ destination: UnsafeMutableRawPointer, count: Int, at offset: Int) throws {
    try transfer(count) { done in
      unsafe pread(descriptor, destination + done, count - done, off_t(offset + done))
    }
  }

  /// Writes `count` bytes of `source` at `offset`.
  ///
  /// - Throws: `Failure`.
  func write(_ source: UnsafeRawPointer, count: Int, at offset: Int) throws {
    try transfer(count) { done in
      unsafe pwrite(descriptor, source + done, count - done, off_t(offset + done))
    }
  }

  /// Calls `body` with the bytes that are done until all are.
  private func transfer(_ count: Int, _ body: (_ done: Int) -> Int) throws {
    var done = 0
    while done < count {
      let step = body(done)
      if step < 0, errno == EINTR { continue }
      guard step > 0 else {
        let reason = step < 0 ? systemMessage(errno) : "the file is shorter than what was written"
        throw Failure(folder: folder, byteCount: count, reason: reason)
      }
      done += step
    }
  }
}
