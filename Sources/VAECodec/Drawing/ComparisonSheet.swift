/// One picture of a comparison: the reference, the picture and their `DifferenceMap` beside each other, with
/// captions and the scale of the map.
public struct ComparisonSheet: Sendable {
  /// Pictures with longer sides are shown reduced to this, in pixels.
  public static let maximumSide = 4096
  /// Pictures of shorter longest sides are shown with pixels as squares, as long as they stay below this.
  static let comfortableSide = 320

  private static let margin = 24
  private static let paper = Canvas.Color(250)
  private static let ink = Canvas.Color(24)
  private static let faintInk = Canvas.Color(112)

  private let reference: Column
  private let picture: Column
  private let map: Column
  /// Pixels of the sheet for one of the font.
  private let scale: Int

  /// The width of each column, in pixels.
  private var columnWidth: Int {
    max(reference.canvas.width, DifferenceScale.width(scale))
  }

  /// A sheet of two pictures.
  ///
  /// - Parameters:
  ///   - reference: what the picture should be.
  ///   - referenceName: what the caption calls the reference.
  ///   - picture: what it is.
  ///   - pictureName: what the caption calls the picture.
  ///   - comparison: what was measured of them, for the caption.
  /// - Throws: `ComparisonError.sizesDiffer`.
  public init(
    _ reference: Image, named referenceName: String, _ picture: Image, named pictureName: String,
    _ comparison: Comparison
  ) throws {
    let map = try DifferenceMap(reference, picture)
    let longest = max(map.width, map.height)
    let factor = max(1, Self.comfortableSide / longest)
    func shown(_ image: Image) -> Canvas {
      Canvas(image).reduced(toLongestSide: Self.maximumSide).enlarged(by: factor)
    }
    let note =
      factor > 1 ? ", shown \(factor)x" : longest > Self.maximumSide ? ", shown reduced" : ""
    self.reference = Column(
      title: "reference", name: referenceName, canvas: shown(reference),
      facts: "\(map.width)x\(map.height) pixels\(note)")
    self.picture = Column(
      title: "picture", name: pictureName, canvas: shown(picture),
      facts: (comparison.psnr.map { "PSNR \($0.fixed(2)) dB" } ?? "PSNR infinite")
        + (comparison.ssim.map { ", SSIM \($0.fixed(4))" } ?? ""))
    self.map = Column(
      title: "difference", name: "largest: \(comparison.maximumDifference.fixed(0)) levels of 255",
      canvas: map.reduced(toLongestSide: Self.maximumSide).canvas.enlarged(by: factor), facts: "")
    scale = max(1, min(4, self.reference.canvas.width / 320))
  }

  /// The sheet as a picture.
  public var image: Image {
    let line = (BitmapFont.height + 4) * scale
    let top = Self.margin + 2 * line
    let pictureHeight = reference.canvas.height
    var sheet = Canvas(
      width: 4 * Self.margin + 3 * columnWidth,
      height: top + pictureHeight + 4 * scale + max(line, DifferenceScale.height(scale))
        + Self.margin, Self.paper)
    for (index, column) in [reference, picture, map].enumerated() {
      let left = Self.margin + index * (columnWidth + Self.margin)
      sheet.write(column.title, x: left, y: Self.margin, scale: scale, Self.ink)
      sheet.write(
        column.name.cut(to: columnWidth / (BitmapFont.advance * scale)), x: left,
        y: Self.margin + line, scale: scale, Self.faintInk)
      sheet.draw(column.canvas, x: left, y: top)
      sheet.write(
        column.facts.cut(to: columnWidth / (BitmapFont.advance * scale)), x: left,
        y: top + pictureHeight + 4 * scale, scale: scale, Self.ink)
    }
    DifferenceScale.draw(
      on: &sheet, x: Self.margin + 2 * (columnWidth + Self.margin),
      y: top + pictureHeight + 4 * scale, scale, Self.ink)
    return sheet.image()
  }

  /// A picture with its captions.
  private struct Column {
    let title: String
    let name: String
    let canvas: Canvas
    let facts: String
  }
}
