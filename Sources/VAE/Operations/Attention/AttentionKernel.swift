/// Attention in blocks with a running softmax: the matrix of all scores never exists.
///
/// Keys and values are packed once into the panels that multiplications read. Then each block of
/// queries passes over the keys block by block. Scores are weighted against the largest one met so far;
/// when a larger one comes, what was added up is scaled down.
///
/// - SeeAlso: Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018.
struct AttentionKernel {
  /// Pixels of the picture.
  let tokens: Int
  let channels: Int
  /// Multiplies the scores.
  let scale: Float
  let kernels: Kernels
  let matrix: MatrixKernel

  /// Queries and keys of a block of scores: fixed, because the order of sums follows from them, and
  /// multiples of the rows and columns that the multiplication takes at a time.
  private static let queriesPerBlock = 96
  private static let keysPerBlock = 512

  /// The tensors of one run, each `[tokens, channels]`.
  @safe struct Arguments {
    let queries: UnsafePointer<Float>
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    let output: UnsafeMutablePointer<Float>
    /// `packedByteCount` bytes for the keys and values in panels.
    let packed: UnsafeMutableRawPointer
  }

  /// The number of blocks of queries, which are computed apart.
  var blockCount: Int { tokens.dividedRoundingUp(by: Self.queriesPerBlock) }
  /// The number of blocks of keys, which are packed apart.
  var packCount: Int { tokens.dividedRoundingUp(by: Self.keysPerBlock) }

  private var packedKeyByteCount: Int { matrix.packedByteCount(k: channels, columns: tokens) }
  /// Bytes of the keys and values in panels.
  var packedByteCount: Int {
    packedKeyByteCount + matrix.packedByteCount(k: tokens, columns: channels)
  }

  /// Floats of a row of what is added up.
  private var sumStride: Int { matrix.panels(columns: channels) * matrix.nr }
  /// Bytes of scratch memory that a worker needs: a block of queries, their scores and sums, and three
  /// values a query.
  var scratchByteCount: Int {
    Self.queriesPerBlock * (channels + Self.keysPerBlock + sumStride + 3)
      * MemoryLayout<Float>.stride
  }

  /// The place of the panels of keys from `key` on.
  private func keyPanels(_ key: Int, _ arguments: Arguments) -> UnsafeMutableRawPointer {
    unsafe arguments.packed
      + key / matrix.nr * matrix.panelStride(k: channels) * matrix.rightByteCount
  }

  /// The place of the rows of values from `key` on in the first panel.
  private func valuePanels(_ key: Int, _ arguments: Arguments) -> UnsafeMutableRawPointer {
    unsafe arguments.packed + packedKeyByteCount + key * matrix.nr * matrix.rightByteCount
  }

  /// Packs one block of keys and their values.
  func pack(block: Int, _ arguments: Arguments) {
    let first = block * Self.keysPerBlock
    let last = min(first + Self.keysPerBlock, tokens)
    for key in stride(from: first, to: last, by: matrix.nr) {
      unsafe matrix.packPanel(
        arguments.keys + key * channels, k: channels, columns: min(matrix.nr, last - key),
        into: keyPanels(key, arguments))
    }
    unsafe matrix.packRows(
      arguments.values + first * channels, rows: last - first, columns: channels,
      into: valuePanels(first, arguments), stride: matrix.panelStride(k: tokens))
  }

  /// Computes the output of one block of queries, once all keys are packed.
  ///
  /// - Parameter scratch: `scratchByteCount` bytes that nobody else uses meanwhile.
  /// - Returns: false if a value of the output is NaN or infinite.
  func run(block: Int, _ arguments: Arguments, scratch: UnsafeMutableRawPointer) -> Bool {
    let scratch = unsafe scratch.assumingMemoryBound(to: Float.self)
    let first = block * Self.queriesPerBlock
    let rows = min(Self.queriesPerBlock, tokens - first)
    let scores = unsafe scratch + Self.queriesPerBlock * channels
    let sums = unsafe scores + Self.queriesPerBlock * Self.keysPerBlock
    let maximum = unsafe sums + Self.queriesPerBlock * sumStride
    let total = unsafe maximum + Self.queriesPerBlock
    let factor = unsafe total + Self.queriesPerBlock
    unsafe scratch.update(from: arguments.queries + first * channels, count: rows * channels)
    unsafe maximum.update(repeating: -.infinity, count: rows)
    unsafe total.update(repeating: 0, count: rows)
    for key in stride(from: 0, to: tokens, by: Self.keysPerBlock) {
      let columns = min(Self.keysPerBlock, tokens - key)
      unsafe multiplyKeys(key, columns, arguments, scratch, rows: rows, into: scores)
      unsafe kernels.softmaxStep(
        scores, rows: rows, columns: columns, stride: Self.keysPerBlock, scale: scale,
        maximum: maximum, total: total, correction: factor)
      if key > 0 {
        unsafe kernels.scaleRows(sums, rows: rows, columns: sumStride, by: factor)
      }
      unsafe multiplyValues(key, columns, arguments, scores, rows: rows, into: sums)
    }
    for row in 0..<rows { unsafe factor[row] = 1 / total[row] }
    unsafe kernels.scaleRows(sums, rows: rows, columns: sumStride, by: factor)
    let output = unsafe arguments.output + first * channels
    unsafe kernels.storeRows(
      sums, rows: rows, columns: channels, sourceStride: sumStride, into: output,
      accumulating: false)
    return unsafe kernels.epilogue(
      output, pixels: rows, channels: channels, bias: nil, .identity, sums: nil)
  }

  /// scores = queries · keysᵀ.
  private func multiplyKeys(
    _ key: Int, _ count: Int, _ arguments: Arguments, _ queries: UnsafePointer<Float>, rows: Int,
    into scores: UnsafeMutablePointer<Float>
  ) {
    unsafe matrix.multiply(
      .init(start: queries, stride: channels, count: rows, k: channels),
      .init(
        start: keyPanels(key, arguments), stride: matrix.panelStride(k: channels),
        count: matrix.panels(columns: count)),
      into: scores, stride: Self.keysPerBlock)
  }

  /// sums += scores · values.
  private func multiplyValues(
    _ key: Int, _ count: Int, _ arguments: Arguments, _ scores: UnsafePointer<Float>, rows: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    unsafe matrix.multiply(
      .init(start: scores, stride: Self.keysPerBlock, count: rows, k: count),
      .init(
        start: valuePanels(key, arguments), stride: matrix.panelStride(k: tokens),
        count: matrix.panels(columns: channels)),
      into: sums, stride: sumStride, accumulating: key > 0)
  }
}
