/// The places that names taken from an index or from a cache may lead to, links followed.
///
/// A path that the user gives may be or contain links; what a downloaded file says may not lead out
/// of the place it was downloaded to. The one exception is the Hugging Face cache, whose snapshots
/// consist of links to files in the folder `blobs` of the same repository.
package struct Confinement: Sendable {
  /// The folder, absolute and without links; nil if there is none, and nothing is allowed.
  private let root: String?
  /// The folder of the blobs that files may be, of a snapshot of the cache.
  private let blobs: String?

  /// Keeps to `folder`; if it is, or lies in, a snapshot of a repository, to that snapshot and the
  /// repository's blobs.
  package init(_ folder: String) {
    root = FileSystem.resolved(folder).map { Self.snapshot(around: $0) ?? $0 }
    blobs = FileSystem.resolved(folder).flatMap(Self.snapshot).map { snapshot in
      FileSystem.parent(of: FileSystem.parent(of: snapshot)) + "/blobs"
    }
  }

  /// Whether `path` leads to something inside.
  package func allows(_ path: String) -> Bool {
    guard let resolved = FileSystem.resolved(path) else { return false }
    return [root, blobs].contains { $0.map { Self.contains($0, resolved) } ?? false }
  }

  /// Whether `path` leads to something inside that is not a blob: links to those are files.
  package func allows(folder path: String) -> Bool {
    guard let resolved = FileSystem.resolved(path), let root else { return false }
    return Self.contains(root, resolved)
  }

  /// Whether the entry `name` of `folder`, which may be several components, is there without a link on
  /// the way. The folders that Hugging Face's tools make in a cache never are links, and one could lead
  /// anywhere.
  package static func isOwn(_ name: String, of folder: String) -> Bool {
    guard let resolved = FileSystem.resolved(folder) else { return false }
    return FileSystem.resolved(FileSystem.path(name, in: folder))
      == FileSystem.path(name, in: resolved)
  }

  /// Whether `name` is that of an entry of a folder, and not a path.
  package static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\0")
  }

  private static func contains(_ folder: String, _ path: String) -> Bool {
    path == folder || path.hasPrefix(folder == "/" ? folder : folder + "/")
  }

  /// The snapshot of the cache that `path`, absolute and without links, is or lies in, or nil.
  private static func snapshot(around path: String) -> String? {
    let components = path.split(separator: "/")
    guard let snapshots = components.lastIndex(of: "snapshots"), snapshots > 0,
      components[snapshots - 1].hasPrefix("models--"), components.count > snapshots + 1
    else { return nil }
    return "/" + components[...(snapshots + 1)].joined(separator: "/")
  }
}
