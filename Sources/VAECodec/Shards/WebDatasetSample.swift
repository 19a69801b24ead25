/// The files of a tar archive that share a key: a picture and what goes with it.
public struct WebDatasetSample: Sendable, Equatable {
  /// A file of a sample.
  public struct Field: Sendable, Equatable {
    /// What follows the key and its dot in the name of the file, such as "jpg" or "seg.png".
    public let name: String
    /// The byte of the archive at which the contents begin.
    public let dataOffset: Int
    /// The contents.
    public let bytes: [UInt8]
  }

  /// The path of the files up to the first dot of its last component.
  public let key: String
  /// In the order of the archive.
  public let fields: [Field]

  /// Extensions of pictures; those that are not read are among them, so that none is passed over in silence.
  static let pictureExtensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "avif", "heic", "heif", "jxl", "tif",
    "tiff", "bmp", "gif", "jp2", "qoi", "exr", "pgm", "ppm", "tga",
  ]

  /// The fields that are called as pictures are, upper case or lower.
  public var pictures: [Field] {
    fields.filter { field in
      let last = field.name.lowercased().split(separator: ".").last.map(String.init)
      return last.map(Self.pictureExtensions.contains) ?? false
    }
  }

  /// The picture: the field that has the name of a kind and nothing else, such as "jpg" beside "mask.png", or
  /// else the only one.
  ///
  /// - Throws: `ShardError.noPicture`, and `.severalPictures` where neither tells.
  public func picture() throws -> Field {
    let pictures = pictures
    guard !pictures.isEmpty else { throw ShardError.noPicture(key: key) }
    let plain = pictures.filter { !$0.name.contains(".") }
    let candidates = plain.isEmpty ? pictures : plain
    guard candidates.count == 1 else {
      throw ShardError.severalPictures(candidates.map(\.name), key: key)
    }
    return candidates[0]
  }
}
