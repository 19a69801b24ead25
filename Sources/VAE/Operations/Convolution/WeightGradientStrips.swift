/// The products that the gradient of a convolution's weight is the sum of: for each strip of output pixels
/// and each value of the kernels, the transposed gradient times the input pixels under that value.
///
/// The pixels of a strip stand in one row, rows of the picture one after the other, each as long as that of
/// the input under it: so the input pixels under each value of the kernel are the same row from another place
/// on. The gradient has zeros where the row of the input is longer. The input of a step of two lies in four
/// such rows, of even and odd rows and columns. The products of a strip are added to those of the strips
/// before it, whose order and size depend on shapes alone.
struct WeightGradientStrips: Sendable {
  let input: ConvolutionInput
  let gradientShape: TensorShape
  private let matrix: MatrixKernel
  /// Packs what has its pixels in the place of columns.
  private let turning: MatrixKernel
  private let grid: ChunkGrid

  /// Multiply-adds of a strip: enough that threads seldom wait for each other.
  private static let multiplyAddsPerStrip = 80_000_000
  private static let pixelsPerStrip = 512...8192
  /// Pixels whose products are added up in registers; the sums of more are added to each other, which keeps
  /// rounding errors small.
  private static let pixelsPerSum = 1024
  /// Output channels of a product, a multiple of what multiplications take at a time.
  private static let outputsPerProduct = 48

  /// The products for `input` and a gradient of `gradientShape`.
  init(input: ConvolutionInput, gradientShape: TensorShape) {
    let convolution = input.convolution
    self.input = input
    self.gradientShape = gradientShape
    matrix = input.kernels.matrixKernel(
      .f32, columns: min(convolution.inChannels, convolution.outChannels))
    turning = input.kernels.matrixKernel(.f32, columns: 1)
    let pixels = Self.multiplyAddsPerStrip / (convolution.k * convolution.outChannels)
    let wanted = min(max(pixels, Self.pixelsPerStrip.lowerBound), Self.pixelsPerStrip.upperBound)
    let columns = min(gradientShape.width, wanted)
    grid = ChunkGrid(
      output: gradientShape, rowsPerChunk: wanted / columns, columnsPerChunk: columns)
  }

  var kernels: Kernels { input.kernels }
  var name: String { matrix.nr == 1 ? "strips, narrow" : "strips" }
  var multiplyAdds: Int { gradientShape.count * convolution.k }
  var count: Int { grid.count }
  var stripsPerBand: Int { grid.chunksAcross }
  private var convolution: Convolution { input.convolution }
  private var step: Int { convolution.stride }
  /// The extents of the weight: output channels, input channels, values of a kernel.
  var weightShape: TensorShape {
    TensorShape(
      height: convolution.outChannels, width: convolution.inChannels,
      channels: convolution.tapCount)
  }

  /// The pixels of the input and of the gradient under whole bands.
  func pixels(ofStrips strips: Range<Int>) -> BandPixels {
    let rows = grid.rows(ofChunks: strips)
    return BandPixels(
      input: input.pixels(inRows: input.window(rows: rows, columns: 0..<1).rows),
      output: rows.lowerBound * gradientShape.width..<rows.upperBound * gradientShape.width)
  }

  // MARK: Places

  /// What workers share, in floats.
  @safe struct Buffers {
    /// `[taps, outChannels, inChannels]`.
    let totals: UnsafeMutablePointer<Float>
    /// `[outChannels, rowStride]`.
    let gradient: UnsafeMutablePointer<Float>
    /// `[phases, panels, pixels, nr]`.
    let input: UnsafeMutablePointer<Float>
  }

  /// Rows and columns of the input beyond those of the gradient, in each phase.
  private var margin: Int { (convolution.kernelSize - 1) / step }
  private var panels: Int { matrix.panels(columns: convolution.inChannels) }
  /// Pixels of the input that stand in a row in each phase, in a strip of `rows` x `columns` pixels.
  private func inputPixels(_ chunk: ChunkGrid.Chunk) -> Int {
    (chunk.rows.count + margin) * (chunk.columns.count + margin)
  }
  /// Floats from one output channel of the gradient to the next: not a power of two, so that channels do not
  /// fall onto the same cache sets.
  private var gradientStride: Int { inputPixels(grid[0]).roundedUp(toMultipleOf: 32) + 16 }
  private var gradientCount: Int {
    convolution.outChannels.roundedUp(toMultipleOf: matrix.mr) * gradientStride
  }
  private var totalCount: Int { weightShape.count.roundedUp(toMultipleOf: 16) }

  /// Bytes of the buffers.
  var sharedByteCount: Int {
    let panel = matrix.panelStride(k: inputPixels(grid[0]))
    return (totalCount + gradientCount + step * step * panels * panel) * MemoryLayout<Float>.stride
  }

  /// The buffers in memory of `sharedByteCount` bytes.
  func buffers(_ memory: UnsafeMutableRawPointer) -> Buffers {
    let floats = unsafe memory.assumingMemoryBound(to: Float.self)
    return unsafe Buffers(
      totals: floats, gradient: floats + totalCount,
      input: floats + totalCount + gradientCount)
  }

  /// Bytes that a worker needs: a row of the input, or a product.
  var scratchByteCount: Int {
    let columns = (grid[0].columns.count + margin) * step
    let product =
      Self.outputsPerProduct.roundedUp(toMultipleOf: matrix.mr) * panels * matrix.nr
    return max(columns * convolution.inChannels, product) * MemoryLayout<Float>.stride
  }

  // MARK: Packing

  /// Parts of a strip that are packed apart: rows of the gradient, and rows of the input.
  func packCount(_ strip: Int) -> Int {
    let rows = grid[strip].rows.count
    return rows + (rows + margin) * step
  }

  /// Packs a part of a strip.
  func pack(
    _ part: Int, of strip: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    norm: NormCoefficients?, _ scratch: UnsafeMutableRawPointer, _ buffers: Buffers
  ) {
    let chunk = grid[strip]
    if part < chunk.rows.count {
      unsafe packGradient(row: part, chunk, gradient, buffers)
    } else {
      unsafe packInput(
        row: part - chunk.rows.count, chunk, input, norm,
        scratch.assumingMemoryBound(to: Float.self), buffers)
    }
  }

  private func packGradient(
    row: Int, _ chunk: ChunkGrid.Chunk, _ gradient: UnsafePointer<Float>, _ buffers: Buffers
  ) {
    let channels = convolution.outChannels
    let (pitch, columns) = (chunk.columns.count + margin, chunk.columns.count)
    let first = (chunk.rows.lowerBound + row) * gradientShape.width + chunk.columns.lowerBound
    let destination = unsafe buffers.gradient + row * pitch
    unsafe turning.packRows(
      gradient + first * channels, rows: columns, columns: channels, into: destination,
      stride: gradientStride)
    for channel in 0..<channels {
      unsafe (destination + channel * gradientStride + columns).update(
        repeating: 0, count: pitch - columns)
    }
  }

  /// - Parameter row: counts the rows under the strip, those of the padding included, after upsampling.
  private func packInput(
    row: Int, _ chunk: ChunkGrid.Chunk, _ input: UnsafePointer<Float>, _ norm: NormCoefficients?,
    _ scratch: UnsafeMutablePointer<Float>, _ buffers: Buffers
  ) {
    let (pitch, channels) = (chunk.columns.count + margin, convolution.inChannels)
    let shift = convolution.upsamples ? 1 : 0
    let top = (chunk.rows.lowerBound * step - convolution.padding.top + row) >> shift
    let left = chunk.columns.lowerBound * step - convolution.padding.left
    let window = ConvolutionInput.Window(
      rows: top..<top + 1, columns: left >> shift..<(left + pitch * step - 1) >> shift + 1,
      channels: channels)
    unsafe self.input.read(window, of: input, norm: norm, into: scratch)
    let panelStride = matrix.panelStride(k: inputPixels(grid[0]))
    for phase in 0..<step {
      let place = row % step * step + phase
      let destination =
        unsafe buffers.input + place * panels * panelStride + row / step * pitch * matrix.nr
      if step == 1, shift == 0 {
        unsafe matrix.packRows(
          scratch, rows: pitch, columns: channels, into: destination, stride: panelStride)
        continue
      }
      for column in 0..<pitch {
        let source = (left + column * step + phase) >> shift - left >> shift
        unsafe matrix.packRows(
          scratch + source * channels, rows: 1, columns: channels,
          into: destination + column * matrix.nr, stride: panelStride)
      }
    }
  }

  // MARK: Products

  private var outputBlocks: Int {
    convolution.outChannels.dividedRoundingUp(by: Self.outputsPerProduct)
  }

  /// Products of a strip: of each value of the kernels and some output channels.
  var productCount: Int { convolution.tapCount * outputBlocks }

  /// Adds a product of a strip to the totals.
  func multiply(
    _ product: Int, of strip: Int, _ scratch: UnsafeMutableRawPointer, _ buffers: Buffers
  ) {
    let (tap, block) = product.quotientAndRemainder(dividingBy: outputBlocks)
    let (row, column) = tap.quotientAndRemainder(dividingBy: convolution.kernelSize)
    let chunk = grid[strip]
    let pitch = chunk.columns.count + margin
    let first = block * Self.outputsPerProduct
    let outputs = min(Self.outputsPerProduct, convolution.outChannels - first)
    let panelStride = matrix.panelStride(k: inputPixels(grid[0]))
    let phase = row % step * step + column % step
    let offset = row / step * pitch + column / step
    let start = unsafe buffers.input + phase * panels * panelStride + offset * matrix.nr
    let products = unsafe scratch.assumingMemoryBound(to: Float.self)
    let pixels = (chunk.rows.count - 1) * pitch + chunk.columns.count
    for pixel in stride(from: 0, to: pixels, by: Self.pixelsPerSum) {
      unsafe matrix.multiply(
        .init(
          start: buffers.gradient + first * gradientStride + pixel, stride: gradientStride,
          count: outputs, k: min(Self.pixelsPerSum, pixels - pixel)),
        .init(start: start + pixel * matrix.nr, stride: panelStride, count: panels),
        into: products, stride: panels * matrix.nr)
      unsafe kernels.storeRows(
        products, rows: outputs, columns: convolution.inChannels,
        sourceStride: panels * matrix.nr,
        into: buffers.totals
          + (tap * convolution.outChannels + first) * convolution.inChannels,
        accumulating: strip > 0 || pixel > 0)
    }
  }

  /// Writes the gradient of an output channel's weight.
  ///
  /// - Returns: whether it is finite.
  func store(
    _ output: Int, _ buffers: Buffers, into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    let (inputs, taps) = (convolution.inChannels, convolution.tapCount)
    var isFinite = true
    for input in 0..<inputs {
      for tap in 0..<taps {
        let value = unsafe buffers.totals[
          (tap * convolution.outChannels + output) * inputs + input]
        unsafe destination[(output * inputs + input) * taps + tap] = value
        isFinite = isFinite && value.isFinite
      }
    }
    return isFinite
  }
}
