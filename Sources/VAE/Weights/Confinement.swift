/// The folders that names taken from an index or from a cache may lead to, links followed.
///
/// A path that the user gives may be or contain links; what a downloaded file says may not lead out
/// of the place it was downloaded to. The one exception is the Hugging Face cache, whose snapshots
/// consist of links to the folder `blobs` of the same repository.
package struct Confinement: Sendable {
  /// Absolute paths without links.
  private let roots: [String]

  /// Keeps to `folder`, and to the blobs of the repository if it is, or lies in, a snapshot of one.
  /// Nothing is allowed if there is no such folder.
  package init(_ folder: String) {
    guard let root = FileSystem.resolved(folder) else {
      roots = []
      return
    }
    let components = root.split(separator: "/")
    guard let snapshots = components.lastIndex(of: "snapshots"), snapshots > 0,
      components[snapshots - 1].hasPrefix("models--"), components.count > snapshots + 1
    else {
      roots = [root]
      return
    }
    let repository = "/" + components[..<snapshots].joined(separator: "/")
    let snapshot = repository + "/snapshots/\(components[snapshots + 1])"
    roots = [snapshot, repository + "/blobs"]
  }

  /// Whether `path` leads to something inside.
  package func allows(_ path: String) -> Bool {
    guard let resolved = FileSystem.resolved(path) else { return false }
    return roots.contains { resolved == $0 || resolved.hasPrefix($0 == "/" ? $0 : $0 + "/") }
  }

  /// Whether `name` is that of an entry of a folder, and not a path.
  package static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\0")
  }
}
