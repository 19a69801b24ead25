import CImageIO

extension Image {
  /// What a picture file says before its samples.
  public struct Header: Sendable, Equatable {
    /// Width in pixels, of the picture as it is shown.
    public let width: Int
    /// Height in pixels, of the picture as it is shown.
    public let height: Int
    /// Bits of a sample as read: 8 or 16.
    public let bitDepth: Int
    /// Whether the picture has an alpha plane.
    public let hasAlpha: Bool
    /// The EXIF orientation (1...8) that is applied as the file is read; 1 where there is none.
    public let orientation: Int

    /// The header of a PNG or JPEG file; the content decides which.
    ///
    /// - Parameter bytes: the whole file, of which the samples are not read.
    /// - Throws: `ImageFileError`.
    public init(decoding bytes: [UInt8]) throws {
      let (width, height): (Int, Int)
      switch try ImageFile.format(of: bytes) {
      case .png:
        let header = try ImageFile.readPNGHeader(bytes)
        (width, height) = (Int(header.width), Int(header.height))
        bitDepth = Int(header.bit_depth)
        hasAlpha = header.channels == 4
        orientation = EXIF.orientation(in: PNGChunks.exif(in: bytes))
      case .jpeg:
        let header = try ImageFile.readJPEGHeader(bytes)
        (width, height) = (Int(header.width), Int(header.height))
        bitDepth = 8
        hasAlpha = false
        orientation = EXIF.orientation(in: JPEGSegments(of: bytes).exif)
      }
      // These four turn the picture on its side.
      (self.width, self.height) = orientation >= 5 ? (height, width) : (width, height)
    }

    /// The header of the PNG or JPEG file at `path`, or on standard input for "-".
    ///
    /// - Throws: `FileError`, and `InputError` with an `ImageFileError`.
    public init(contentsOf path: String) throws {
      self = try InputError.naming(path) {
        try Header(decoding: InputFile.bytes(at: path, check: Image.checkBeginning))
      }
    }
  }
}
