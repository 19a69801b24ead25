/// How the output of a convolution is cut into chunks, each computed by one thread.
///
/// Depends on the layer's shape alone, never on the number of threads, because the order of sums
/// follows from it.
struct ChunkGrid: Sendable {
  /// A rectangle of pixels of the output.
  struct Chunk: Sendable {
    let rows: Range<Int>
    let columns: Range<Int>

    /// Pixels of the chunk.
    var pixelCount: Int { rows.count * columns.count }
  }

  /// Bytes that the column buffer of a thread may take.
  static let maximumColumnByteCount = 16 << 20

  private let output: TensorShape
  private let rowsPerChunk: Int
  private let columnsPerChunk: Int
  /// Chunks side by side.
  let chunksAcross: Int

  /// Chunks that lie in one piece in memory, whole rows or part of one row, for an output of `output`
  /// whose pixels take `columnByteCount` bytes of the column buffer.
  init(output: TensorShape, columnByteCount: Int) {
    let limit = max(1, ChunkGrid.maximumColumnByteCount / max(columnByteCount, 1))
    // Long enough that packing the kernels is a small part of a multiplication, short enough that
    // a chunk's rows stay in the cache.
    let wanted = min(limit, 2048)
    let columns = min(output.width, wanted)
    self.init(
      output: output,
      rowsPerChunk: columns < output.width ? 1 : wanted / output.width, columnsPerChunk: columns)
  }

  /// Chunks of up to `rowsPerChunk` x `columnsPerChunk` pixels for an output of `output`.
  init(output: TensorShape, rowsPerChunk: Int, columnsPerChunk: Int) {
    self.output = output
    self.rowsPerChunk = max(1, min(rowsPerChunk, output.height))
    self.columnsPerChunk = max(1, min(columnsPerChunk, output.width))
    chunksAcross = output.width.dividedRoundingUp(by: self.columnsPerChunk)
  }

  /// The number of chunks.
  var count: Int {
    output.height.dividedRoundingUp(by: rowsPerChunk) * chunksAcross
  }

  /// The rows of whole lines of chunks.
  func rows(ofChunks chunks: Range<Int>) -> Range<Int> {
    self[chunks.lowerBound].rows.lowerBound..<self[chunks.upperBound - 1].rows.upperBound
  }

  /// Chunk number `index`, in reading order; none is larger than the first.
  subscript(index: Int) -> Chunk {
    let row = index / chunksAcross * rowsPerChunk
    let column = index % chunksAcross * columnsPerChunk
    return Chunk(
      rows: row..<min(row + rowsPerChunk, output.height),
      columns: column..<min(column + columnsPerChunk, output.width))
  }
}
