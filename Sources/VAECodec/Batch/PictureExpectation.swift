/// What is known of a picture file before it is made.
struct PictureExpectation {
  let format: ImageFileError.Format
  let width: Int
  let height: Int
  let bitDepth: Int
  let hasAlpha: Bool

  /// A file of a picture of these properties; JPEG has 8 bits and no alpha.
  init(
    _ format: PictureWriting.Format, width: Int, height: Int, bitDepth: Int, hasAlpha: Bool
  ) {
    self.format = format == .png ? .png : .jpeg
    self.width = width
    self.height = height
    self.bitDepth = format == .png ? bitDepth : 8
    self.hasAlpha = format == .png && hasAlpha
  }

  /// Checks that the file at `path` is whole and a picture of this kind.
  ///
  /// - Returns: the picture.
  /// - Throws: `BatchError.damagedOutput` and `.otherOutput`.
  @discardableResult
  func check(_ path: String) throws -> Image {
    var output = ExistingOutput(path: path)
    let (found, image) = try output.reading {
      let bytes = try InputFile.bytes(at: path)
      return (
        try ImageFile.format(of: bytes), try Image(decoding: bytes, maximumPixelCount: .max)
      )
    }
    output.compare(found, with: format) { "a \($0.rawValue) file" }
    output.compare([image.width, image.height], with: [width, height]) {
      "\($0[0])x\($0[1]) pixels"
    }
    output.compare(image.color.bitDepth, with: bitDepth) { "\($0) bits a sample" }
    output.compare(image.alpha != nil, with: hasAlpha) { $0 ? "an alpha plane" : "no alpha plane" }
    try output.check()
    return image
  }
}
