/// Small pictures in rows, each with its name below it.
///
/// Of each picture no more is kept than the sheet shows.
public struct ContactSheet: Sendable {
  private static let usualSide = 128
  /// Names are written twice as large below pictures of this size, and so on.
  private static let largeSide = 256

  private static let margin = 16
  private static let gap = 10
  private static let paper = Canvas.Color(250)
  private static let ink = Canvas.Color(64)

  /// The longest side of each picture that was asked for, in pixels.
  private let wantedSide: Int?
  private let wantedColumns: Int?
  private var cells: [(picture: Canvas, name: String)] = []

  /// An empty sheet.
  ///
  /// - Parameters:
  ///   - side: the longest side of each picture in pixels; nil for 128, or 64 where there are more than a
  ///     thousand.
  ///   - columns: the pictures in a row; nil for as many as make the sheet about a third wider than high.
  /// - Precondition: `side` and `columns` are positive.
  public init(side: Int? = nil, columns: Int? = nil) {
    if let side { precondition(side > 0, "pictures of \(side) pixels cannot be shown") }
    if let columns { precondition(columns > 0, "\(columns) pictures are no row") }
    wantedSide = side
    wantedColumns = columns
  }

  /// How many pictures there are.
  public var count: Int { cells.count }

  /// Adds a picture, on white where it is transparent.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - name: what is written below it, cut to its width.
  public mutating func add(_ image: Image, named name: String) {
    cells.append((Canvas(image).reduced(toLongestSide: wantedSide ?? Self.usualSide), name))
  }

  /// The sheet as a picture.
  ///
  /// - Throws: `ImageFileError.tooManyPixels` if it had more than `maximumPixelCount`.
  /// - Precondition: there is a picture on it.
  public func image(maximumPixelCount: Int = Image.defaultMaximumPixelCount) throws -> Image {
    precondition(count > 0, "a sheet without pictures cannot be drawn")
    let rows = rows
    let width = 2 * Self.margin + columnCount * (side + Self.gap) - Self.gap
    let height =
      2 * Self.margin + rows.reduce(-Self.gap) { $0 + $1.height + captionHeight + Self.gap }
    guard width * height <= maximumPixelCount else {
      throw ImageFileError.tooManyPixels(width: width, height: height, limit: maximumPixelCount)
    }
    var sheet = Canvas(width: width, height: height, Self.paper)
    var top = Self.margin
    for row in rows {
      for (column, index) in row.cells.enumerated() {
        let left = Self.margin + column * (side + Self.gap)
        draw(cells[index], on: &sheet, x: left, y: top, rowHeight: row.height)
      }
      top += row.height + captionHeight + Self.gap
    }
    return sheet.image()
  }

  private func draw(
    _ cell: (picture: Canvas, name: String), on sheet: inout Canvas, x: Int, y: Int, rowHeight: Int
  ) {
    let picture = cell.picture.resized(longestSide: side)
    sheet.draw(picture, x: x + (side - picture.width) / 2, y: y + (rowHeight - picture.height) / 2)
    let advance = BitmapFont.advance * scale
    let name = cell.name.cut(to: side / advance)
    sheet.write(
      name, x: x + (side - name.count * advance) / 2, y: y + rowHeight + 4 * scale, scale: scale,
      Self.ink)
  }

  /// The longest side of each picture as it is shown.
  private var side: Int { wantedSide ?? (count > 1000 ? Self.usualSide / 2 : Self.usualSide) }
  /// Pixels of the sheet for one of the font.
  private var scale: Int { 1 + side / Self.largeSide }
  private var captionHeight: Int { (BitmapFont.height + 4) * scale }

  private var columnCount: Int {
    if let wantedColumns { return min(wantedColumns, count) }
    var columns = 1
    while 3 * columns * columns < 4 * count { columns += 1 }
    return min(columns, count)
  }

  /// The cells of each row, and the height of the highest picture in it.
  private var rows: [(cells: Range<Int>, height: Int)] {
    stride(from: 0, to: count, by: columnCount).map { first in
      let row = first..<min(first + columnCount, count)
      let heights = row.map { index in
        let picture = cells[index].picture
        return Canvas.size(picture.width, picture.height, longestSide: side).height
      }
      return (row, heights.max() ?? 0)
    }
  }
}
