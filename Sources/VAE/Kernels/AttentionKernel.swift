/// Attention in blocks with a running softmax: the matrix of all scores never exists.
///
/// A block of queries passes over the keys block by block. Scores are weighted against the largest one
/// met so far; when a larger one comes, what was added up is scaled down.
///
/// - SeeAlso: Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018.
struct AttentionKernel {
  /// Pixels of the picture.
  let tokens: Int
  let channels: Int
  /// Multiplies the scores.
  let scale: Float
  let kernels: Kernels
  let gemm: GEMM

  /// Queries and keys of a block of scores: fixed, because the order of sums follows from them.
  private static let queriesPerBlock = 128
  private static let keysPerBlock = 512

  /// The tensors of one run, each `[tokens, channels]`.
  @safe struct Arguments {
    let queries: UnsafePointer<Float>
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    let output: UnsafeMutablePointer<Float>
  }

  /// The number of blocks of queries, which are computed apart.
  var blockCount: Int { (tokens + Self.queriesPerBlock - 1) / Self.queriesPerBlock }

  /// Floats of scratch memory that a worker needs: a block of scores, and three values a query.
  var scratchFloatCount: Int { Self.queriesPerBlock * (Self.keysPerBlock + 3) }

  /// Computes the output of one block of queries.
  ///
  /// - Parameter scratch: `scratchFloatCount` floats that nobody else uses meanwhile.
  /// - Returns: false if a value of the output is NaN or infinite.
  func run(block: Int, _ arguments: Arguments, scratch: UnsafeMutablePointer<Float>) -> Bool {
    let first = block * Self.queriesPerBlock
    let rows = min(Self.queriesPerBlock, tokens - first)
    let queries = unsafe arguments.queries + first * channels
    let output = unsafe arguments.output + first * channels
    let scores = unsafe scratch
    let maximum = unsafe scratch + Self.queriesPerBlock * Self.keysPerBlock
    let total = unsafe maximum + Self.queriesPerBlock
    let factor = unsafe total + Self.queriesPerBlock
    unsafe maximum.update(repeating: -.infinity, count: rows)
    unsafe total.update(repeating: 0, count: rows)
    for key in stride(from: 0, to: tokens, by: Self.keysPerBlock) {
      let columns = min(Self.keysPerBlock, tokens - key)
      unsafe gemm.multiply(
        .init(start: queries, rowStride: channels),
        .init(start: arguments.keys + key * channels, rowStride: channels),
        rows: rows, columns: columns, depth: channels,
        into: scores, resultStride: columns, accumulating: false)
      unsafe kernels.softmaxStep(
        scores, rows: rows, columns: columns, scale: scale, maximum: maximum, total: total,
        correction: factor)
      if key > 0 {
        unsafe kernels.scaleRows(output, rows: rows, columns: channels, by: factor)
      }
      unsafe gemm.multiply(
        .init(start: scores, rowStride: columns),
        .init(start: arguments.values + key * channels, rowStride: channels),
        rightIsTransposed: false, rows: rows, columns: channels, depth: columns,
        into: output, resultStride: channels, accumulating: key > 0)
    }
    for row in 0..<rows { unsafe factor[row] = 1 / total[row] }
    unsafe kernels.scaleRows(output, rows: rows, columns: channels, by: factor)
    return unsafe kernels.epilogue(
      output, pixels: rows, channels: channels, bias: nil, .identity, sums: nil)
  }
}
