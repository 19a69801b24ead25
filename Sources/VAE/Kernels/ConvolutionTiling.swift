/// How the output of a convolution is cut into tiles, each computed by one thread.
///
/// Depends on the layer's shape alone, never on the number of threads, because the order of sums
/// follows from it.
struct ConvolutionTiling: Sendable {
  /// A run of pixels of the output that lies in one piece in memory: whole rows, or part of one row.
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
  private let tilesAcross: Int

  /// Tiles for an output of `output` whose pixels take `columnByteCount` bytes of the column buffer.
  init(output: TensorShape, columnByteCount: Int) {
    let limit = max(1, ConvolutionTiling.maximumColumnByteCount / max(columnByteCount, 1))
    // Long enough that packing the kernels is a small part of a multiplication, short enough that
    // a tile's rows stay in the cache.
    self.init(output: output, pixelsPerTile: min(limit, 2048))
  }

  /// Tiles of about `wanted` pixels for an output of `output`.
  init(output: TensorShape, pixelsPerTile wanted: Int) {
    self.output = output
    columnsPerTile = min(output.width, wanted)
    rowsPerTile =
      columnsPerTile < output.width ? 1 : max(1, min(output.height, wanted / output.width))
    tilesAcross = (output.width + columnsPerTile - 1) / columnsPerTile
  }

  /// The number of tiles.
  var count: Int {
    (output.height + rowsPerTile - 1) / rowsPerTile * tilesAcross
  }

  /// Pixels of the largest tile.
  var maximumPixelCount: Int { rowsPerTile * columnsPerTile }

  /// Tile number `index`, in reading order.
  subscript(index: Int) -> Tile {
    let row = index / tilesAcross * rowsPerTile
    let column = index % tilesAcross * columnsPerTile
    return Tile(
      rows: row..<min(row + rowsPerTile, output.height),
      columns: column..<min(column + columnsPerTile, output.width))
  }
}
