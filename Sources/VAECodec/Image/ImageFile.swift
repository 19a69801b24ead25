import VAE

/// Picture files: which of the kinds that are read a file is. How each kind is read and written stands in the extensions,
/// the only place of this module that calls the C libraries of pictures.
enum ImageFile {
  /// The kind of picture file that begins like `bytes`, whatever its name.
  ///
  /// - Throws: `ImageFileError.empty`, `.unsupportedFormat` or `.unrecognizedFormat`.
  static func format(of bytes: [UInt8]) throws -> ImageFileError.Format {
    if bytes.isEmpty { throw ImageFileError.empty }
    switch FileKind(bytes, having: \.name) {
    case .jpeg: return .jpeg
    case .png: return .png
    case let kind?:
      throw ImageFileError.unsupportedFormat(
        name: kind.name ?? "", converter: PictureConverter(kind))
    case nil: throw ImageFileError.unrecognizedFormat(firstBytes: Array(bytes.prefix(8)))
    }
  }

  /// The count of pixels of a picture about to be read, before anything is allocated for it.
  ///
  /// - Throws: `ImageFileError.tooManyPixels` if there are more than `limit`, and
  ///   `.implausibleSize` if `byteCount` bytes are fewer than `leastByteCount`, which is given the
  ///   count of pixels.
  static func checkedPixelCount(
    _ format: ImageFileError.Format, width: Int, height: Int, limit: Int, byteCount: Int,
    leastByteCount: (_ pixelCount: Int) -> Int
  ) throws -> Int {
    // Sizes have 31 bits, so the product fits; 2^48 keeps the byte counts made from it in range.
    let pixelCount = width * height
    guard pixelCount <= min(limit, 1 << 48) else {
      throw ImageFileError.tooManyPixels(width: width, height: height, limit: limit)
    }
    let least = leastByteCount(pixelCount)
    guard byteCount >= least else {
      throw ImageFileError.implausibleSize(
        format, width: width, height: height, byteCount: byteCount, leastByteCount: least)
    }
    return pixelCount
  }
}
