/// Pictures from and to the bytes of PNG and JPEG files.
extension Image {
  /// The picture in a PNG or JPEG file; the content decides which.
  ///
  /// Grey, palette and CMYK pictures become RGB. 16-bit samples stay 16-bit, fewer bits become 8.
  /// The EXIF orientation is applied; gAMA and cHRM are ignored. Of an animation the first picture
  /// is read. Memory is allocated only once the size has been held against `maximumPixelCount` and
  /// against the bytes that are there to fill it.
  ///
  /// - Throws: `ImageFileError`.
  public init(
    decoding bytes: [UInt8], maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    let image: Image
    let exif: [UInt8]
    switch try ImageFile.format(of: bytes) {
    case .png:
      image = try ImageFile.decodePNG(bytes, maximumPixelCount: maximumPixelCount)
      exif = PNGChunks.exif(in: bytes)
    case .jpeg:
      image = try ImageFile.decodeJPEG(bytes, maximumPixelCount: maximumPixelCount)
      exif = JPEGSegments(of: bytes).exif
    }
    self = image.oriented(by: EXIF.orientation(in: exif))
  }

  /// The picture in the PNG or JPEG file at `path`, or on standard input for "-".
  ///
  /// - Throws: `FileError`, and `InputError` with an `ImageFileError`.
  public init(
    contentsOf path: String, maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws {
    self = try InputError.naming(path) {
      try Image(
        decoding: InputFile.bytes(at: path, check: Image.checkBeginning),
        maximumPixelCount: maximumPixelCount)
    }
  }

  /// Checks that `bytes`, the first of a file, are those of a PNG or JPEG picture.
  ///
  /// - Throws: `ImageFileError.empty`, `.unsupportedFormat` or `.unrecognizedFormat`.
  public static func checkBeginning(_ bytes: [UInt8]) throws {
    _ = try ImageFile.format(of: bytes)
  }

  /// A PNG file of the picture, of its depth, with its alpha plane, and with its profile if that
  /// is one of RGB.
  ///
  /// A profile that libpng finds malformed is left out.
  ///
  /// - Throws: `ImageFileError.failed`.
  public func pngData() throws -> [UInt8] {
    try ImageFile.encodePNG(self)
  }

  /// A JPEG file of the picture, of 8 bits, with its profile if that is one of RGB.
  ///
  /// - Parameter quality: libjpeg's scale, 1...100. From 90 up chroma keeps its full size.
  /// - Throws: `ImageFileError.alphaInJPEG` if the picture has an alpha plane (`flattened(over:)`
  ///   makes one without), and `.failed`.
  /// - Precondition: `quality` is in 1...100.
  public func jpegData(quality: Int = 95) throws -> [UInt8] {
    precondition((1...100).contains(quality), "a JPEG quality of \(quality) is not in 1...100")
    guard alpha == nil else { throw ImageFileError.alphaInJPEG }
    return try ImageFile.encodeJPEG(
      color.eightBitValues, width: width, height: height, profile: rgbProfileBytes,
      quality: quality)
  }

  /// The bytes of the profile if it describes RGB samples, else none.
  var rgbProfileBytes: [UInt8] {
    guard let profile, profile.colorSpace == .rgb else { return [] }
    return profile.bytes
  }
}
