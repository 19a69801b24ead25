import Glibc

/// The few questions that finding a model asks of the file system.
package enum FileSystem {
  /// Whether `path` leads to something.
  package static func exists(_ path: String) -> Bool { unsafe access(path.systemPath, F_OK) == 0 }

  /// Whether `path` leads to a folder.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path.systemPath, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` leads to an ordinary file.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path.systemPath, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether two paths lead to one file, which is there.
  package static func areSame(_ path: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return unsafe stat(path.systemPath, &first) == 0 && stat(other.systemPath, &second) == 0
      && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// The path without links, `.` and `..`; nil if it leads nowhere, or round in a circle.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path.systemPath, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(pathBytes: bytes(of: resolved))
  }

  /// The names in a folder, sorted; none if it cannot be read.
  package static func fileNames(in folder: String) -> [String] {
    entries(in: folder)?.map(\.name) ?? []
  }

  /// Something in a folder.
  package struct Entry {
    /// What it is.
    package enum Kind { case folder, link, other }

    package let name: String
    package let kind: Kind
  }

  /// What is in a folder, "." and ".." among it, sorted by name; nil if it cannot be read.
  package static func entries(in folder: String) -> [Entry]? {
    guard let stream = unsafe opendir(folder.systemPath) else { return nil }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)
        ) {
          unsafe String(pathBytes: bytes(of: $0))
        }
      }
      let kind = unsafe kind(of: Int(entry.pointee.d_type), name, in: folder)
      entries.append(Entry(name: name, kind: kind))
    }
    return entries.sorted { $0.name < $1.name }
  }

  private static func kind(of type: Int, _ name: String, in folder: String) -> Entry.Kind {
    switch type {
    case DT_DIR: return .folder
    case DT_LNK: return .link
    case DT_UNKNOWN:
      // Not every file system says it.
      var status = stat()
      guard unsafe lstat(path(name, in: folder).systemPath, &status) == 0 else { return .other }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: return .folder
      case S_IFLNK: return .link
      default: return .other
      }
    default: return .other
    }
  }

  /// Between the components of a path. It is looked for among bytes: as a character it might be one with
  /// an accent that follows it.
  package static let separator = UInt8(ascii: "/")

  /// Whether a path ends in "/", as those of folders may.
  package static func namesFolder(_ path: String) -> Bool { path.utf8.last == separator }

  private static func bytes(of path: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeRawBufferPointer(start: path, count: strlen(path)).bindMemory(to: UInt8.self)
  }

  /// The path without its last component; "." if there is no other.
  package static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: separator) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path of the entry `name` of a folder.
  package static func path(_ name: String, in folder: String) -> String {
    folder == "." ? name : namesFolder(folder) ? folder + name : folder + "/" + name
  }

  /// The last component of a path.
  package static func lastComponent(of path: String) -> String {
    path.utf8.split(separator: separator).last.map { String(Substring($0)) } ?? path
  }
}
