import VAE

/// The names of what is in a folder.
enum FileNames {
  /// The names in the folder at `path`, hidden ones too, sorted.
  static func sorted(in path: String) -> [String] {
    FileSystem.fileNames(in: path).filter { $0 != "." && $0 != ".." }
  }
}
