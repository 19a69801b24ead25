import FoundationEssentials
import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder of one test, which goes when the test does.
package final class TemporaryFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// An empty folder.
  package init() throws {
    let name = "vaecodec-test-" + UUID().uuidString
    path = FileManager.default.temporaryDirectory.appending(path: name).path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder.
  package func path(_ name: String) -> String { path + "/" + name }

  /// The names of what is in the folder, hidden files too, sorted.
  package var names: [String] {
    FileSystem.fileNames(in: path).filter { $0 != "." && $0 != ".." }
  }

  /// The bytes of the file `name`, which may be empty.
  package func bytes(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }

  /// Writes a file, and the folders it lies in.
  ///
  /// - Returns: its path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    try makeParent(of: name)
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  /// Copies a file of the fixtures, such as "models/tiny/config.json", to `name`.
  ///
  /// - Returns: the path of the copy.
  @discardableResult
  package func copy(_ fixture: String, to name: String) throws -> String {
    try write(Fixtures.bytes(at: Fixtures.path(fixture)), to: name)
  }

  /// Writes a file of `head` and after it as many zeros as make `byteCount` bytes, which take no room
  /// on the disk.
  ///
  /// - Returns: its path.
  @discardableResult
  package func writeSparse(_ head: [UInt8], byteCount: Int, to name: String) throws -> String {
    try write(head, to: name)
    guard unsafe truncate(path(name), off_t(byteCount)) == 0 else {
      throw UnreadableFile(path: path(name), reason: systemMessage(errno))
    }
    return path(name)
  }

  /// Makes a symbolic link to `target`, in place of what is there.
  package func link(_ target: String, at name: String) throws {
    try makeParent(of: name)
    try remove(name)
    guard unsafe symlink(target, path(name)) == 0 else {
      throw UnreadableFile(path: path(name), reason: systemMessage(errno))
    }
  }

  /// Removes a file, a link or a folder with what is in it; nothing if it is not there.
  package func remove(_ name: String) throws {
    guard (try? FileManager.default.attributesOfItem(atPath: path(name))) != nil else { return }
    try FileManager.default.removeItem(atPath: path(name))
  }

  /// Makes an empty folder inside.
  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
  }

  private func makeParent(of name: String) throws {
    try FileManager.default.createDirectory(
      atPath: FileSystem.parent(of: path(name)), withIntermediateDirectories: true)
  }
}
