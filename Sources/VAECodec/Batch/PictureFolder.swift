import VAE

/// The picture files in a folder, by their names.
struct PictureFolder {
  let path: String
  /// Names of picture files, sorted.
  let names: [String]
  /// Files that are not called as pictures are.
  let otherFileCount: Int
  /// Folders in it, into which nobody looked.
  let folderCount: Int

  /// Lists the folder at `path`; hidden files are passed over.
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `PairingError.noPictures`.
  init(_ path: String) throws {
    let entries = FileSystem.fileNames(in: path)
    // Even an empty folder has "." in it.
    guard !entries.isEmpty else {
      throw FileError.unreadable(path: path, reason: "the folder cannot be read")
    }
    let visible = entries.filter { !$0.hasPrefix(".") }
    let files = visible.filter { !FileSystem.isFolder(FileSystem.path($0, in: path)) }
    self.path = path
    names = files.filter(DatasetInputs.Kind.pictures.isCalledSo)
    otherFileCount = files.count - names.count
    folderCount = visible.count - files.count
    guard !names.isEmpty else { throw InputError(path: path, reason: PairingError.noPictures) }
  }

  /// The path of a file in the folder.
  func path(of name: String) -> String { FileSystem.path(name, in: path) }
}
