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
    /// `packedFloatCount` floats for the keys and values in panels.
    let packed: UnsafeMutablePointer<Float>
  }

  /// The number of blocks of queries, which are computed apart.
  var blockCount: Int { (tokens + Self.queriesPerBlock - 1) / Self.queriesPerBlock }
  /// The number of blocks of keys, which are packed apart.
  var packCount: Int { (tokens + Self.keysPerBlock - 1) / Self.keysPerBlock }

  private var packedKeyCount: Int { kernels.panelCount(channels: channels, outputs: tokens) }
  /// Floats of the keys and values in panels.
  var packedFloatCount: Int {
    packedKeyCount + kernels.panelCount(channels: tokens, outputs: channels)
  }

  /// Floats of a row of what is added up.
  private var sumStride: Int { kernels.panels(outputs: channels) * kernels.panel }
  /// Floats of scratch memory that a worker needs: a block of queries, their scores and sums, and three
  /// values a query.
  var scratchFloatCount: Int {
    Self.queriesPerBlock * (channels + Self.keysPerBlock + sumStride + 3)
  }

  /// Packs one block of keys and their values.
  func pack(block: Int, _ arguments: Arguments) {
    let first = block * Self.keysPerBlock
    let last = min(first + Self.keysPerBlock, tokens)
    for key in stride(from: first, to: last, by: kernels.panel) {
      unsafe kernels.packPanel(
        arguments.keys + key * channels, channels: channels,
        outputs: min(kernels.panel, last - key), into: arguments.packed + key * channels)
    }
    unsafe kernels.packRows(
      arguments.values + first * channels, rows: last - first, columns: channels,
      into: arguments.packed + packedKeyCount + first * kernels.panel,
      stride: tokens * kernels.panel)
  }

  /// Computes the output of one block of queries, once all keys are packed.
  ///
  /// - Parameter scratch: `scratchFloatCount` floats that nobody else uses meanwhile.
  /// - Returns: false if a value of the output is NaN or infinite.
  func run(block: Int, _ arguments: Arguments, scratch: UnsafeMutablePointer<Float>) -> Bool {
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
    unsafe kernels.multiplyPanels(
      .init(start: queries, stride: channels, count: rows, depth: channels),
      .init(
        start: arguments.packed + key * channels, stride: channels * kernels.panel,
        count: kernels.panels(outputs: count)),
      into: scores, stride: Self.keysPerBlock)
  }

  /// sums += scores · values.
  private func multiplyValues(
    _ key: Int, _ count: Int, _ arguments: Arguments, _ scores: UnsafePointer<Float>, rows: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    unsafe kernels.multiplyPanels(
      .init(start: scores, stride: Self.keysPerBlock, count: rows, depth: count),
      .init(
        start: arguments.packed + packedKeyCount + key * kernels.panel,
        stride: tokens * kernels.panel, count: kernels.panels(outputs: channels)),
      into: sums, stride: sumStride, accumulating: key > 0)
  }
}
