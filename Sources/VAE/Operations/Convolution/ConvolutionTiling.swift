/// How the output of a convolution is cut into tiles, each computed by one thread.
///
/// Depends on the layer's shape alone, never on the number of threads, because the order of sums
/// follows from it.
struct ConvolutionTiling: Sendable {
  /// A rectangle of pixels of the output.
  struct Tile: Sendable {
    let rows: Range<Int>
    let columns: Range<Int>

    /// Pixels of the tile.
    var pixelCount: Int { rows.count * columns.count }
  }

  /// Bytes that the column buffer of a thread may take.
  static let maximumColumnByteCount = 16 << 20

  private let output: TensorShape
  private let rowsPerTile: Int
  private let columnsPerTile: Int
  /// Tiles side by side.
  let tilesAcross: Int

  /// Tiles that lie in one piece in memory, whole rows or part of one row, for an output of `output`
  /// whose pixels take `columnByteCount` bytes of the column buffer.
  init(output: TensorShape, columnByteCount: Int) {
    let limit = max(1, ConvolutionTiling.maximumColumnByteCount / max(columnByteCount, 1))
    // Long enough that packing the kernels is a small part of a multiplication, short enough that
    // a tile's rows stay in the cache.
    let wanted = min(limit, 2048)
    let columns = min(output.width, wanted)
    self.init(
      output: output,
      rowsPerTile: columns < output.width ? 1 : wanted / output.width, columnsPerTile: columns)
  }

  /// Tiles of up to `rowsPerTile` x `columnsPerTile` pixels for an output of `output`.
  init(output: TensorShape, rowsPerTile: Int, columnsPerTile: Int) {
    self.output = output
    self.rowsPerTile = max(1, min(rowsPerTile, output.height))
    self.columnsPerTile = max(1, min(columnsPerTile, output.width))
    tilesAcross = (output.width + self.columnsPerTile - 1) / self.columnsPerTile
  }

  /// The number of tiles.
  var count: Int {
    (output.height + rowsPerTile - 1) / rowsPerTile * tilesAcross
  }

  /// Pixels of the largest tile.
  var maximumPixelCount: Int { rowsPerTile * columnsPerTile }

  /// The rows of whole lines of tiles.
  func rows(ofTiles tiles: Range<Int>) -> Range<Int> {
    self[tiles.lowerBound].rows.lowerBound..<self[tiles.upperBound - 1].rows.upperBound
  }

  /// Tile number `index`, in reading order.
  subscript(index: Int) -> Tile {
    let row = index / tilesAcross * rowsPerTile
    let column = index % tilesAcross * columnsPerTile
    return Tile(
      rows: row..<min(row + rowsPerTile, output.height),
      columns: column..<min(column + columnsPerTile, output.width))
  }
}
