/// Picture files: what kind a file is. How each kind is read and written stands in the extensions,
/// the only place of this module that calls the C libraries of pictures.
enum ImageFile {
  /// The first bytes by which a kind of file that is not read is told.
  private struct Signature {
    let offset: Int
    let bytes: [UInt8]
    let name: String

    init(_ bytes: [UInt8], at offset: Int = 0, _ name: String) {
      self.offset = offset
      self.bytes = bytes
      self.name = name
    }

    func matches(_ file: [UInt8]) -> Bool {
      file.dropFirst(offset).starts(with: bytes)
    }
  }

  /// Kinds of file that people take for pictures; the more particular stand first.
  private static let signatures: [Signature] = [
    Signature(Array("GIF8".utf8), "a GIF picture"),
    Signature([0x49, 0x49, 0x2A, 0x00], "a TIFF picture"),
    Signature([0x4D, 0x4D, 0x00, 0x2A], "a TIFF picture"),
    Signature([0x49, 0x49, 0x2B, 0x00], "a BigTIFF picture"),
    Signature([0x4D, 0x4D, 0x00, 0x2B], "a BigTIFF picture"),
    Signature(Array("WEBP".utf8), at: 8, "a WebP picture"),
    Signature(Array("ftypavif".utf8), at: 4, "an AVIF picture"),
    Signature(Array("ftypavis".utf8), at: 4, "an AVIF picture"),
    Signature(Array("ftyphei".utf8), at: 4, "a HEIF picture"),
    Signature(Array("ftyphev".utf8), at: 4, "a HEIF picture"),
    Signature(Array("ftypmif1".utf8), at: 4, "a HEIF picture"),
    Signature(Array("ftypmsf1".utf8), at: 4, "a HEIF picture"),
    Signature(Array("ftyp".utf8), at: 4, "an MP4 or related file"),
    Signature(Array("JXL ".utf8), at: 4, "a JPEG XL picture"),
    Signature([0xFF, 0x0A], "a JPEG XL picture"),
    Signature(Array("jP  ".utf8), at: 4, "a JPEG 2000 picture"),
    Signature([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 picture"),
    Signature(Array("BM".utf8), "a BMP picture"),
    Signature(Array("8BPS".utf8), "a Photoshop picture"),
    Signature(Array("qoif".utf8), "a QOI picture"),
    Signature([0x76, 0x2F, 0x31, 0x01], "an OpenEXR picture"),
    Signature([0x00, 0x00, 0x01, 0x00], "an ICO picture"),
    Signature(Array("P5\n".utf8), "a PGM picture"),
    Signature(Array("P6\n".utf8), "a PPM picture"),
    Signature(Array("%PDF".utf8), "a PDF document"),
    Signature(Array("<svg".utf8), "an SVG picture"),
    Signature(Array("<?xml".utf8), "an XML document"),
    Signature(Array("<!DOCTYPE".utf8), "an HTML page"),
    Signature(Array("<html".utf8), "an HTML page"),
    Signature(Array("version https://git-lfs".utf8), "a Git LFS pointer"),
    Signature([0x93] + Array("NUMPY".utf8), "a NumPy array"),
    Signature(LatentFormat.magic, "a latent.bin"),
    Signature(Array("PK".utf8) + [0x03, 0x04], "a ZIP archive"),
    Signature([0x1F, 0x8B], "a gzip archive"),
  ]

  /// The kind of picture file that begins like `bytes`, whatever its name.
  ///
  /// A PNG signature that was damaged or cut short counts as PNG, so that libpng can say what is
  /// wrong with it.
  ///
  /// - Throws: `ImageFileError.empty`, `.unsupportedFormat` or `.unrecognizedFormat`.
  static func format(of bytes: [UInt8]) throws -> ImageFileError.Format {
    if bytes.isEmpty { throw ImageFileError.empty }
    if bytes.starts(with: [0xFF, 0xD8]) { return .jpeg }
    if bytes.starts(with: [0x89, 0x50]) || bytes.dropFirst().starts(with: Array("PNG".utf8)) {
      return .png
    }
    if let signature = signatures.first(where: { $0.matches(bytes) }) {
      throw ImageFileError.unsupportedFormat(name: signature.name)
    }
    throw ImageFileError.unrecognizedFormat(firstBytes: Array(bytes.prefix(8)))
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
