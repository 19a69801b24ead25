/// An entry of a page as it is kept until the page is written.
struct ReportRow: Sendable {
  let name: String
  let values: [(measure: ReportMeasure, value: Double)]
  let failure: String?
  /// Lower than those of better entries; without a number, failures come before all others and the rest
  /// after them.
  let goodness: Double
  var pictures: ReportPictures?

  init(_ entry: ReportPage.Entry, rank: ReportMeasure) {
    name = entry.name
    values = entry.values
    failure = entry.failure
    goodness =
      entry.values.first { $0.measure == rank }.map { rank.goodness($0.value) }
      ?? (entry.failure == nil ? .infinity : -.infinity)
  }

  func value(of measure: ReportMeasure) -> Double? {
    values.first { $0.measure == measure }?.value
  }
}

/// The pictures of an entry as PNG files, in the size in which they are shown.
struct ReportPictures: Sendable {
  let reference: [UInt8]?
  let picture: [UInt8]?
  let map: [UInt8]?
  /// In pixels, of each of the files.
  let width: Int
  /// In pixels, of each of the files.
  let height: Int
  /// Of the whole picture, in pixels.
  let wholeWidth: Int
  /// Of the whole picture, in pixels.
  let wholeHeight: Int

  /// The pictures of `entry`; nil where it has none.
  ///
  /// - Throws: `ComparisonError.sizesDiffer` and `ImageFileError.failed`.
  init?(_ entry: ReportPage.Entry) throws {
    guard let whole = entry.picture ?? entry.reference else { return nil }
    let side = ReportPage.maximumPictureSide
    reference = try entry.reference.map { try Self.file($0, side) }
    picture = try entry.picture.map { try Self.file($0, side) }
    if let reference = entry.reference, let picture = entry.picture {
      map = try DifferenceMap(reference, picture).reduced(toLongestSide: side).image.pngData()
    } else {
      map = nil
    }
    (wholeWidth, wholeHeight) = (whole.width, whole.height)
    (width, height) =
      max(whole.width, whole.height) > side
      ? Canvas.size(whole.width, whole.height, longestSide: side) : (whole.width, whole.height)
  }

  var byteCount: Int { [reference, picture, map].reduce(0) { $0 + ($1?.count ?? 0) } }
  var isReduced: Bool { width != wholeWidth || height != wholeHeight }

  /// A PNG file of a picture on white, of 8 bits.
  private static func file(_ image: Image, _ side: Int) throws -> [UInt8] {
    try Canvas(image).reduced(toLongestSide: side).image(profile: image.profile).pngData()
  }
}
