/// A page that shows what became of pictures, in one file that needs no other and asks for none.
///
/// It has the numbers of each entry in a table that sorts, curves of them, and each picture above its
/// reference with a slider between the two, beside the map of their differences. The worst come first. The
/// same entries give the same bytes.
///
/// ```swift
/// var page = ReportPage(title: "Round trip")
/// try page.add(ReportPage.Entry(named: "photo.png", photo, decoded, Comparison(photo, decoded)))
/// try OutputFile.write(page.html(), to: "page.html")
/// ```
public struct ReportPage: Sendable {
  /// Pictures of more entries than these are not shown: those of the best ones are left out.
  public static let maximumPictureCount = 200
  /// Pictures are left out as well where they would take more bytes than this.
  public static let maximumPictureByteCount = 96 << 20
  /// Larger pictures are shown with a longest side of so many pixels.
  public static let maximumPictureSide = 1024

  /// What the page shows of one input.
  public struct Entry: Sendable {
    /// What it is called on the page.
    public var name: String
    /// The numbers that are known, in the order of the table.
    public var values: [(measure: ReportMeasure, value: Double)]
    /// Why the entry counts as failed; nil where it does not.
    public var failure: String?
    /// What the picture should be.
    public var reference: Image?
    /// What it is, of the size of the reference.
    public var picture: Image?

    /// An entry of what is known.
    public init(
      named name: String, values: [(measure: ReportMeasure, value: Double)] = [],
      failure: String? = nil, reference: Image? = nil, picture: Image? = nil
    ) {
      self.name = name
      self.values = values
      self.failure = failure
      self.reference = reference
      self.picture = picture
    }
  }

  let title: String
  /// What is true of all entries, such as the model.
  let facts: [(name: String, value: String)]
  /// What decides which entry is worse.
  let rank: ReportMeasure
  private(set) var curves: [Curve] = []
  private(set) var sheets: [ReportSheet] = []
  private var rows: [ReportRow] = []
  /// How good the worst entry is whose pictures were left out; nil where none were.
  private var leftOut: Double?

  /// A number that changes with another one.
  public struct Curve: Sendable {
    /// What the number is.
    public var title: String
    /// What it changes with.
    public var xTitle: String
    /// At least one, in the order of x; all are finite.
    public var points: [(x: Double, y: Double)]

    /// A curve through points.
    public init(title: String, xTitle: String, points: [(x: Double, y: Double)]) {
      self.title = title
      self.xTitle = xTitle
      self.points = points
    }
  }

  /// A page without entries.
  ///
  /// - Parameters:
  ///   - title: what the page is called.
  ///   - facts: what is true of all entries, such as the model.
  ///   - rank: what decides which entry is worse.
  public init(
    title: String, facts: [(name: String, value: String)] = [], rank: ReportMeasure = .psnr
  ) {
    self.title = title
    self.facts = facts
    self.rank = rank
  }

  /// Adds an entry; of its pictures no more is kept than the page shows.
  ///
  /// - Throws: `ComparisonError.sizesDiffer` and `ImageFileError.failed`.
  public mutating func add(_ entry: Entry) throws {
    var row = ReportRow(entry, rank: rank)
    if leftOut.map({ row.goodness < $0 }) ?? true { row.pictures = try ReportPictures(entry) }
    rows.append(row)
    if row.pictures != nil { leaveOutTheBest() }
  }

  /// Adds a curve, which stands above the table; nothing of one without points.
  public mutating func add(_ curve: Curve) {
    if !curve.points.isEmpty { curves.append(curve) }
  }

  /// Adds a picture that stands by itself, between the curves and the table.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - title: what stands above it.
  ///   - caption: what stands below it.
  /// - Throws: `ImageFileError.failed`.
  public mutating func add(_ image: Image, titled title: String, caption: String) throws {
    sheets.append(
      ReportSheet(
        title: title, caption: caption, width: image.width, height: image.height,
        file: try image.pngData()))
  }

  private mutating func leaveOutTheBest() {
    var shown = rows.indices.filter { rows[$0].pictures != nil }
    var byteCount = shown.reduce(0) { $0 + (rows[$1].pictures?.byteCount ?? 0) }
    while shown.count > 1,
      shown.count > Self.maximumPictureCount || byteCount > Self.maximumPictureByteCount
    {
      // Of equally good ones the last.
      guard let best = shown.max(by: { rows[$0].goodness <= rows[$1].goodness }) else { return }
      byteCount -= rows[best].pictures?.byteCount ?? 0
      leftOut = rows[best].goodness
      rows[best].pictures = nil
      shown.removeAll { $0 == best }
    }
  }

  /// The page, in UTF-8.
  public func html() throws -> [UInt8] {
    // The sort is stable, so that equally good ones keep their order.
    try ReportWriter(self, rows.sorted { $0.goodness < $1.goodness }).bytes
  }
}

extension ReportPage.Entry {
  /// What a comparison measured.
  ///
  /// - Parameters:
  ///   - name: what the page calls the picture.
  ///   - reference: what the picture should be.
  ///   - picture: what it is.
  ///   - comparison: what was measured of them.
  ///   - bitsPerPixel: of the latent; nil where there is none.
  ///   - failure: what is wrong with the picture; nil where nothing is.
  public init(
    named name: String, _ reference: Image, _ picture: Image, _ comparison: Comparison,
    bitsPerPixel: Double? = nil, failure: String? = nil
  ) {
    let values: [(ReportMeasure, Double?)] = [
      (.psnr, comparison.psnr ?? .infinity), (.ssim, comparison.ssim),
      (.msSSIM, comparison.msSSIM), (.ssimulacra2, comparison.ssimulacra2),
      (.maximumDifference, comparison.maximumDifference),
      (.bitsPerPixel, bitsPerPixel),
    ]
    self.init(
      named: name, values: values.compactMap { measure, value in value.map { (measure, $0) } },
      failure: failure, reference: reference, picture: picture)
  }
}
