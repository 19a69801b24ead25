import VAE

/// Pictures, and the references that they are held against.
public struct PicturePairs: Sendable, Equatable {
  /// A picture and its reference, or a file that has no partner.
  public struct Pair: Sendable, Equatable {
    /// The path of the picture; of a reference without one, that of the reference.
    public let picture: String
    /// The path of the reference, or why there is none.
    public let reference: Result<String, PairingError>
  }

  /// What was passed over in a folder.
  public struct Omission: Sendable, Equatable {
    /// The path of the folder.
    public let folder: String
    /// Files that are not called as pictures are.
    public let fileCount: Int
    /// Folders in the folder.
    public let folderCount: Int
  }

  /// The pairs in the order of their names, those without a partner among them.
  public let pairs: [Pair]
  /// Folders in which something was passed over.
  public let omissions: [Omission]

  /// One picture and its reference; "-" is standard input.
  public init(reference: String, picture: String) {
    pairs = [Pair(picture: picture, reference: .success(reference))]
    omissions = []
  }

  /// The pictures in two folders, by their names: a file's partner has the same name or, where there is none,
  /// the same name but for its extension.
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `PairingError.noPictures`.
  public init(referenceFolder: String, pictureFolder: String) throws {
    let references = try PictureFolder(referenceFolder)
    let pictures = try PictureFolder(pictureFolder)
    // By bytes: two names may be one string in two forms of Unicode, and two files.
    let shared = Set(references.names.map(\.pathBytes)).intersection(
      pictures.names.map(\.pathBytes))
    func isShared(_ name: String) -> Bool { shared.contains(name.pathBytes) }
    var pairs = references.names.filter(isShared).map { name in
      (name, Pair(picture: pictures.path(of: name), reference: .success(references.path(of: name))))
    }
    let referencesByStem = Self.byStem(references.names.filter { !isShared($0) })
    let picturesByStem = Self.byStem(pictures.names.filter { !isShared($0) })
    for stem in Set(referencesByStem.keys).union(picturesByStem.keys) {
      pairs += Self.pairs(
        referencesByStem[stem] ?? [], of: references, picturesByStem[stem] ?? [], of: pictures)
    }
    self.pairs = pairs.sorted { ($0.0, $0.1.picture) < ($1.0, $1.1.picture) }.map(\.1)
    omissions = [references, pictures].compactMap { folder in
      guard folder.otherFileCount + folder.folderCount > 0 else { return nil }
      return Omission(
        folder: folder.path, fileCount: folder.otherFileCount, folderCount: folder.folderCount)
    }
  }

  private static func byStem(_ names: [String]) -> [String: [String]] {
    Dictionary(grouping: names) { FileName($0).stem }
  }

  /// The pairs of files that differ in their extensions at most, with the names they are sorted by.
  private static func pairs(
    _ referenceNames: [String], of references: PictureFolder, _ pictureNames: [String],
    of pictures: PictureFolder
  ) -> [(String, Pair)] {
    let referencePaths = referenceNames.map(references.path)
    let picturePaths = pictureNames.map(pictures.path)
    switch (referencePaths.count, picturePaths.count) {
    case (1, 1):
      return [
        (pictureNames[0], Pair(picture: picturePaths[0], reference: .success(referencePaths[0])))
      ]
    case (0, _):
      let error = PairingError.noReference(folder: references.path)
      return zip(pictureNames, picturePaths).map {
        ($0, Pair(picture: $1, reference: .failure(error)))
      }
    case (_, 1):
      let error = PairingError.ambiguous(referencePaths)
      return [(pictureNames[0], Pair(picture: picturePaths[0], reference: .failure(error)))]
    case (_, let count):
      let error: PairingError =
        count == 0 ? .noPicture(folder: pictures.path) : .ambiguous(picturePaths)
      return zip(referenceNames, referencePaths).map {
        ($0, Pair(picture: $1, reference: .failure(error)))
      }
    }
  }
}
