import VAE

/// The files of a data set, each with the name by which the data set knows it.
public struct DatasetInputs: Sendable {
  /// What the files are.
  public enum Kind: Sendable {
    /// Files that are called as pictures are, those of formats that are not read among them.
    case pictures
    /// Files that are called as latents are.
    case latents

    var words: String { self == .pictures ? "picture" : "latent" }
  }

  /// A file.
  struct File: Sendable, Equatable {
    /// Where it lies.
    let path: String
    /// Its path in the data set, which outputs are called by.
    let key: String
  }

  /// What was passed over in folders, of all of them together.
  public struct Omission: Sendable, Equatable {
    /// Files that are not called as the inputs are.
    public internal(set) var fileCount = 0
    /// Links to folders, and folders that were seen before.
    public internal(set) var linkCount = 0
  }

  /// The files in the order of the work.
  private(set) var files: [File]
  /// What was passed over.
  public private(set) var omission = Omission()
  /// The only folder whose files these are; nil where there are several or none.
  let root: String?

  /// The files in folders and below them, and other files as they are.
  ///
  /// Files of one folder are called by their paths in it; where several folders or files are given, all are called
  /// by the paths as they were given.
  ///
  /// - Parameters:
  ///   - paths: folders and files.
  ///   - kind: which files in folders are taken.
  ///   - followsLinks: goes down into folders that are links, each once.
  /// - Throws: `FileError.unreadable` for a folder that cannot be read, `DatasetError.empty`.
  public init(at paths: [String], _ kind: Kind, followsLinks: Bool = false) throws {
    root = paths.count == 1 && FileSystem.isFolder(paths[0]) ? paths[0] : nil
    files = []
    for path in paths {
      guard FileSystem.isFolder(path) else {
        files.append(File(path: path, key: Self.key(of: path)))
        continue
      }
      var walk = FolderWalk(kind, followsLinks: followsLinks)
      try walk.enter(path, key: root == nil ? Self.key(of: path) : "")
      files += walk.files
      omission.fileCount += walk.omission.fileCount
      omission.linkCount += walk.omission.linkCount
    }
    leaveOutRepeated()
    guard !files.isEmpty else {
      throw DatasetError.empty(paths.joined(separator: ", "), kind: kind.words)
    }
  }

  /// The files of a list.
  ///
  /// - Throws: `DatasetError.empty`, and what reading the list throws.
  public init(_ list: InputList, _ kind: Kind) throws {
    root = nil
    files = try list.files()
    leaveOutRepeated()
    guard !files.isEmpty else { throw DatasetError.empty(list.path, kind: kind.words) }
  }

  /// Leaves out files that were there before.
  private mutating func leaveOutRepeated() {
    var seen: Set<[UInt8]> = []
    files.removeAll { !seen.insert(Array($0.path.utf8) + [0] + Array($0.key.utf8)).inserted }
  }

  /// Keeps the files of one part of the data set.
  mutating func keep(_ shard: DatasetPart) {
    if shard != .whole { files.removeAll { !shard.contains($0.key) } }
  }

  /// A path as a name in a data set: without what leads out of it.
  static func key(of path: String) -> String {
    var components: [Substring.UTF8View] = []
    for component in path.utf8.split(separator: FileSystem.separator) {
      switch String(Substring(component)) {
      case ".": continue
      case "..": _ = components.popLast()
      default: components.append(component)
      }
    }
    return components.map { String(Substring($0)) }.joined(separator: "/")
  }
}
