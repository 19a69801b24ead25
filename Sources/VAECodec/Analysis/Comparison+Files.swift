extension Comparison {
  /// Measures the picture in one PNG or JPEG file against that in another; "-" is standard input.
  ///
  /// - Throws: `FileError`, and `InputError` with the path of the file and an `ImageFileError`, or with that
  ///   of the picture and `ComparisonError.sizesDiffer`.
  public init(
    contentsOf reference: String, and picture: String,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount, resources: Resources = Resources()
  ) throws {
    self = try InputError.naming(picture) {
      try Comparison(
        Image(contentsOf: reference, maximumPixelCount: maximumPixelCount),
        Image(contentsOf: picture, maximumPixelCount: maximumPixelCount), resources: resources)
    }
  }
}
