import Glibc

/// The few questions that finding a model asks of the file system.
package enum FileSystem {
  /// Whether `path` leads to something.
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Whether `path` leads to a folder.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` leads to an ordinary file.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The path without links, `.` and `..`; nil if it leads nowhere, or round in a circle.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The names in a folder, sorted; none if it cannot be read.
  package static func fileNames(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)
        ) {
          unsafe String(cString: $0)
        }
      }
      names.append(name)
    }
    return names.sorted()
  }

  /// Configurations and indices are no larger; those of the largest models have some kilobytes.
  private static let maximumTextByteCount = 16 << 20

  /// The bytes of a configuration or an index.
  ///
  /// - Throws: `WeightsError.unreadable`, for a file of more than 16 MiB as well, and `.malformedConfig`
  ///   for one that is of another kind.
  static func json(of path: String) throws -> [UInt8] {
    let file = try MappedFile(path: path)
    guard file.byteCount <= maximumTextByteCount else {
      throw WeightsError.unreadable(
        path: path, reason: "\(file.byteCount) bytes, at most \(maximumTextByteCount) are read")
    }
    let bytes = file.bytes(in: 0..<file.byteCount)
    if let kind = FileKind(bytes, having: \.weightsName), kind != .json, kind != .text,
      let name = kind.weightsName
    {
      throw WeightsError.malformedConfig(path: path, reason: "it looks like \(name)")
    }
    return bytes
  }

  /// The path without its last component; "." if there is no other.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path of the entry `name` of a folder.
  package static func path(_ name: String, in folder: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The last component of a path.
  package static func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
