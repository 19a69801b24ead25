import VAE

/// Goes through a folder and those below it, in the order of names.
struct FolderWalk {
  private let kind: DatasetInputs.Kind
  private let followsLinks: Bool
  private(set) var files: [DatasetInputs.File] = []
  private(set) var omission = DatasetInputs.Omission()
  /// Folders that were entered, where links might lead to one again.
  private var entered: Set<String> = []

  init(_ kind: DatasetInputs.Kind, followsLinks: Bool) {
    self.kind = kind
    self.followsLinks = followsLinks
  }

  /// Takes the files in the folder at `path` and below it.
  ///
  /// - Parameter key: the folder's name in the data set; empty for its root.
  /// - Throws: `FileError.unreadable` if the folder itself cannot be read.
  mutating func enter(_ path: String, key: String) throws {
    if followsLinks, let place = FileSystem.resolved(path), !entered.insert(place).inserted {
      omission.linkCount += 1
      return
    }
    guard let entries = FileSystem.entries(in: path) else {
      throw FileError.unreadable(path: path, reason: "the folder cannot be read")
    }
    for entry in entries where !Self.isHidden(entry.name) {
      let entryPath = FileSystem.path(entry.name, in: path)
      let entryKey = key.isEmpty ? entry.name : key + "/" + entry.name
      switch entry.kind {
      case .folder: try enterBelow(entryPath, key: entryKey)
      case .link where FileSystem.isFolder(entryPath):
        if followsLinks {
          try enterBelow(entryPath, key: entryKey)
        } else {
          omission.linkCount += 1
        }
      default:
        if kind.isCalledSo(entry.name) {
          files.append(DatasetInputs.File(path: entryPath, key: entryKey))
        } else {
          omission.fileCount += 1
        }
      }
    }
  }

  private mutating func enterBelow(_ path: String, key: String) throws {
    do {
      try enter(path, key: key)
    } catch FileError.unreadable {
      // It fails as a file does that cannot be read.
      files.append(DatasetInputs.File(path: path, key: key))
    }
  }

  /// Whether nobody means a file or a folder of this name: what is hidden, and what macOS leaves in archives.
  private static func isHidden(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || name == "__MACOSX"
  }
}

extension DatasetInputs.Kind {
  /// Whether a file of this name is one of the kind.
  func isCalledSo(_ name: String) -> Bool {
    guard let fileExtension = FileName(name).fileExtension else { return false }
    return switch self {
    case .pictures: Self.pictureExtensions.contains(fileExtension)
    case .latents: Self.latentExtensions.contains(fileExtension)
    }
  }

  /// Extensions of pictures; those that are not read are among them, so that none is passed over in silence.
  private static let pictureExtensions: Set<String> = [
    "png", "apng", "jpg", "jpeg", "jpe", "jfif", "webp", "avif", "heic", "heif", "jxl", "tif",
    "tiff", "bmp",
    "gif", "jp2", "qoi", "exr", "pgm", "ppm", "tga",
  ]

  private static let latentExtensions = Set(LatentFileFormat.all.map(\.fileExtension))
}
