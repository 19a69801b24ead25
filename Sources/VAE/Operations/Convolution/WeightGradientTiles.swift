/// The gradient of the weight of a 3x3 convolution by Winograd's F(4x4, 3x3) turned round: 36 products where
/// 144 are defined.
///
/// The convolution is A^T [(G g) * (B^T d)] of a tile d of the input, so the gradient of g is
/// G^T [(A y) * (B^T d)] of the tile y of the output's gradient, summed over the tiles. The transformed tiles are
/// a matrix at each of the 36 points, `[tiles, channels]`; the sums are products of two of them.
struct WeightGradientTiles: WeightGradientMethod {
  let input: ConvolutionInput
  private let gradientShape: TensorShape
  private let matrix: MatrixKernel
  private let panels: Int
  /// The tiles, and the strips that they are cut into.
  private let tiles: TensorShape
  private let grid: ChunkGrid

  private static let form = WinogradForm.f4x3
  /// Fewer tiles than this make products whose sums are read and written more than they are added to.
  private static let minimumTiles = 16
  /// Channels are multiples of the longest vectors.
  private static let channelMultiple = 16
  /// Bytes of a strip's transformed tiles: they stay in a core's cache, as long as there are enough tiles for
  /// the totals to be a small part of what is read and written.
  private static let bytesPerStrip = 512 << 10
  private static let tilesPerStrip = 64...256

  /// The method for `input` and a gradient of `gradientShape`; nil where another is better.
  init?(input: ConvolutionInput, gradientShape: TensorShape) {
    let convolution = input.convolution
    let (side, channels) = (Self.form.tileSide, convolution.inChannels + convolution.outChannels)
    tiles = TensorShape(
      height: gradientShape.height.dividedRoundingUp(by: side),
      width: gradientShape.width.dividedRoundingUp(by: side), channels: channels)
    guard convolution.kernelSize == 3, convolution.stride == 1, !convolution.upsamples,
      convolution.inChannels.isMultiple(of: Self.channelMultiple),
      convolution.outChannels.isMultiple(of: Self.channelMultiple),
      tiles.pixelCount >= Self.minimumTiles
    else { return nil }
    self.input = input
    self.gradientShape = gradientShape
    matrix = input.kernels.matrixKernel(.f32, columns: convolution.inChannels)
    panels = matrix.panels(columns: convolution.inChannels)
    let fitting =
      Self.bytesPerStrip / (Self.form.pointCount * channels * MemoryLayout<Float>.stride)
    let wanted = min(max(fitting, Self.tilesPerStrip.lowerBound), Self.tilesPerStrip.upperBound)
    let columns = min(tiles.width, wanted)
    grid = ChunkGrid(output: tiles, rowsPerChunk: wanted / columns, columnsPerChunk: columns)
  }

  var name: String { "F(3x3,4x4)" }
  var multiplyAdds: Int {
    tiles.pixelCount * productCount * convolution.inChannels * convolution.outChannels
  }
  var count: Int { grid.count }
  var stripsPerBand: Int { grid.chunksAcross }
  var productCount: Int { Self.form.pointCount }

  func pixels(ofStrips strips: Range<Int>) -> BandPixels {
    let (rows, side) = (grid.rows(ofChunks: strips), Self.form.tileSide)
    return bandPixels(
      gradientRows: rows.lowerBound * side..<min(rows.upperBound * side, gradientShape.height),
      of: gradientShape)
  }

  // MARK: Places

  /// Floats from one panel of a point's input tiles to the next.
  private var panelStride: Int { matrix.panelStride(k: grid[0].pixelCount) }
  /// Floats from one row of a point's totals to the next.
  private var totalStride: Int { panels * matrix.nr }
  // A line more than the values keeps the points from falling onto the same cache sets; a multiplication takes
  // whole blocks of output channels.
  private var totalPointStride: Int {
    convolution.outChannels.roundedUp(toMultipleOf: matrix.mr) * totalStride + 16
  }
  private var gradientPointStride: Int { grid[0].pixelCount * convolution.outChannels + 16 }
  private var inputPointStride: Int { panels * panelStride + 16 }

  /// What workers share: totals, `[points, outChannels, inChannels]`; transformed tiles of the gradient, `[points,
  /// tiles, outChannels]`; those of the input, `[points, panels, tiles, nr]`.
  @safe private struct Buffers {
    let totals: UnsafeMutablePointer<Float>
    let gradient: UnsafeMutablePointer<Float>
    let input: UnsafeMutablePointer<Float>
  }

  private func buffers(_ shared: UnsafeMutableRawPointer) -> Buffers {
    let totals = unsafe shared.assumingMemoryBound(to: Float.self)
    let gradient = unsafe totals + productCount * totalPointStride
    return unsafe Buffers(
      totals: totals, gradient: gradient, input: gradient + productCount * gradientPointStride)
  }

  var sharedByteCount: Int {
    productCount * (totalPointStride + gradientPointStride + inputPointStride)
      * MemoryLayout<Float>.stride
  }

  /// A row of windows, or the gradient of an output channel's weight.
  var scratchByteCount: Int {
    max(window(row: 0, grid[0].columns).count, convolution.k) * MemoryLayout<Float>.stride
  }

  /// The input under some tiles of a row.
  private func window(row: Int, _ columns: Range<Int>) -> ConvolutionInput.Window {
    let side = Self.form.tileSide
    let (top, left) = (
      row * side - convolution.padding.top, columns.lowerBound * side - convolution.padding.left
    )
    return ConvolutionInput.Window(
      rows: top..<top + Self.form.pointSide, columns: left..<left + columns.count * side + 2,
      channels: convolution.inChannels)
  }

  // MARK: Steps

  /// Each row of tiles, of the gradient and then of the input.
  func packCount(_ strip: Int) -> Int { 2 * grid[strip].rows.count }

  func pack(
    _ part: Int, of strip: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    norm: NormCoefficients?, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer
  ) {
    let (chunk, buffers) = (grid[strip], unsafe buffers(shared))
    let (kind, row) = part.quotientAndRemainder(dividingBy: chunk.rows.count)
    let first = row * chunk.columns.count
    if kind == 0 {
      unsafe packGradient(
        row: chunk.rows.lowerBound + row, chunk.columns, gradient,
        into: buffers.gradient + first * convolution.outChannels)
    } else {
      unsafe packInput(
        row: chunk.rows.lowerBound + row, chunk.columns, input, norm,
        scratch.assumingMemoryBound(to: Float.self), into: buffers.input + first * matrix.nr)
    }
  }

  private func packGradient(
    row: Int, _ columns: Range<Int>, _ gradient: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
  ) {
    let (side, channels) = (Self.form.tileSide, convolution.outChannels)
    let (y, x) = (row * side, columns.lowerBound * side)
    unsafe kernels.winogradGradient(
      gradient + (y * gradientShape.width + x) * channels,
      rowStride: gradientShape.width * channels, rows: min(side, gradientShape.height - y),
      columns: min(columns.count * side, gradientShape.width - x), tiles: columns.count,
      channels: channels, into: destination, pointStride: gradientPointStride)
  }

  private func packInput(
    row: Int, _ columns: Range<Int>, _ input: UnsafePointer<Float>, _ norm: NormCoefficients?,
    _ scratch: UnsafeMutablePointer<Float>, into destination: UnsafeMutablePointer<Float>
  ) {
    let window = window(row: row, columns)
    unsafe self.input.read(window, of: input, norm: norm, into: scratch)
    for panel in 0..<panels {
      let first = panel * matrix.nr
      unsafe kernels.winogradInput(
        Self.form, scratch + first,
        Kernels.PixelStrides(row: window.rowStride, pixel: window.channels), tiles: columns.count,
        channels: min(matrix.nr, window.channels - first),
        into: destination + panel * panelStride, pointStride: inputPointStride,
        tileStride: matrix.nr)
    }
  }

  func multiply(
    _ product: Int, of strip: Int, _ scratch: UnsafeMutableRawPointer,
    _ shared: UnsafeMutableRawPointer
  ) {
    let (buffers, channels) = (unsafe buffers(shared), convolution.outChannels)
    unsafe matrix.multiplyTurned(
      .init(
        start: buffers.gradient + product * gradientPointStride, stride: channels,
        count: channels, k: grid[strip].pixelCount),
      .init(
        start: buffers.input + product * inputPointStride, stride: panelStride, count: panels),
      into: buffers.totals + product * totalPointStride, stride: totalStride,
      accumulating: strip > 0)
  }

  func store(
    _ output: Int, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer,
    into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    let values = unsafe scratch.assumingMemoryBound(to: Float.self)
    unsafe kernels.winogradKernelGradient(
      buffers(shared).totals + output * totalStride, channels: convolution.inChannels,
      pointStride: totalPointStride, into: values)
    return unsafe store(output, values, into: destination)
  }
}
