/// The products that the gradient of a convolution's weight is the sum of: for each strip of output pixels
/// and each value of the kernels, the transposed gradient times the input pixels under that value.
///
/// The pixels of a strip stand in one row, rows of the picture one after the other, each as long as that of
/// the input under it: so the input pixels under each value of the kernel are the same row from another place
/// on. The gradient has zeros where the row of the input is longer. The input of a step of two lies in four
/// such rows, of even and odd rows and columns; so does the gradient where the input is doubled, each row for
/// the 2x2 values that its kernels are folded to. The products of a strip are added to those of the strips
/// before it, whose order and size depend on shapes alone.
struct WeightGradientStrips: WeightGradientMethod {
  let input: ConvolutionInput
  let gradientShape: TensorShape
  /// Multiplies gradients, by channels, with pixels of the input, in panels.
  let matrix: MatrixKernel
  /// Packs what has its pixels in the place of columns.
  let turning: MatrixKernel
  /// The strips: pixels of the gradient, or of the input where that is doubled.
  let grid: ChunkGrid
  let taps: [WeightGradientTap]
  /// The products that each value of the kernels is the sum of, by number.
  let products: [[Int]]

  /// Bytes of input and gradient of a strip, which stay in a core's cache while each is multiplied with each.
  private static let bytesPerStrip = 512 << 10
  /// Enough that threads seldom wait for each other, and that sums are seldom added to totals.
  private static let pixelsPerStrip = 512...8192
  /// Pixels whose products are added up in registers; the sums of more are added to each other, which keeps
  /// rounding errors small.
  static let pixelsPerSum = 512
  /// Output channels of a product, a multiple of what multiplications take at a time.
  static let outputsPerProduct = 48

  /// The products for `input` and a gradient of `gradientShape`.
  init(input: ConvolutionInput, gradientShape: TensorShape) {
    let convolution = input.convolution
    precondition(
      !convolution.upsamples
        || convolution.upsampling == .nearest && convolution.kernelSize == 3
          && convolution.padding == .all(1),
      "the gradient of an upsampled convolution with other kernels than 3x3")
    self.input = input
    self.gradientShape = gradientShape
    matrix = input.kernels.matrixKernel(.f32, columns: convolution.inChannels)
    turning = input.kernels.matrixKernel(.f32, columns: 1)
    let taps = WeightGradientTap.taps(of: convolution)
    self.taps = taps
    products = (0..<convolution.tapCount).map { value in
      taps.indices.filter { taps[$0].values.contains(value) }
    }
    let channels = convolution.inChannels + convolution.outChannels
    let pixels = Self.bytesPerStrip / (channels * MemoryLayout<Float>.stride)
    let wanted = min(max(pixels, Self.pixelsPerStrip.lowerBound), Self.pixelsPerStrip.upperBound)
    let positions = convolution.upsamples ? input.shape : gradientShape
    let columns = min(positions.width, wanted)
    grid = ChunkGrid(output: positions, rowsPerChunk: wanted / columns, columnsPerChunk: columns)
  }

  var name: String { matrix.nr == 1 ? "strips, narrow" : "strips" }
  var multiplyAdds: Int {
    gradientShape.count / (scale * scale) * convolution.inChannels * taps.count
  }
  var count: Int { grid.count }
  var stripsPerBand: Int { grid.chunksAcross }
  /// Pixels of the input from one under a value of the kernel to the next.
  var step: Int { convolution.stride }
  /// Pixels of the gradient from one in a row of a strip to the next.
  var scale: Int { convolution.upsamples ? 2 : 1 }

  func pixels(ofStrips strips: Range<Int>) -> BandPixels {
    let rows = grid.rows(ofChunks: strips)
    return bandPixels(
      gradientRows: rows.lowerBound * scale..<rows.upperBound * scale, of: gradientShape)
  }

  // MARK: Places

  /// What workers share, in floats.
  @safe struct Buffers {
    /// `[products, outChannels, inChannels]`.
    let totals: UnsafeMutablePointer<Float>
    /// `[phases, outChannels, pixels]`.
    let gradient: UnsafeMutablePointer<Float>
    /// `[phases, panels, pixels, nr]`.
    let input: UnsafeMutablePointer<Float>
  }

  /// Rows and columns of the input beyond those of the gradient, in each phase.
  var margin: Int { (convolution.kernelSize - 1) / step }
  var panels: Int { matrix.panels(columns: convolution.inChannels) }
  /// Pixels of the input that stand in a row in each phase, in a strip of `rows` x `columns` pixels.
  private func inputPixels(_ chunk: ChunkGrid.Chunk) -> Int {
    (chunk.rows.count + margin) * (chunk.columns.count + margin)
  }
  /// Floats from one output channel of the gradient to the next: not a power of two, so that channels do not
  /// fall onto the same cache sets.
  var gradientStride: Int { inputPixels(grid[0]).roundedUp(toMultipleOf: 32) + 16 }
  /// Elements from one panel of the input to the next.
  var panelStride: Int { matrix.panelStride(k: inputPixels(grid[0])) }
  private var gradientCount: Int {
    // The last rows that a multiplication takes may be beyond the last channel.
    (scale * scale * convolution.outChannels + matrix.mr) * gradientStride
  }
  private var totalCount: Int {
    (taps.count * convolution.outChannels * convolution.inChannels).roundedUp(toMultipleOf: 16)
  }

  var sharedByteCount: Int {
    (totalCount + gradientCount + step * step * panels * panelStride) * MemoryLayout<Float>.stride
  }

  /// The buffers in memory of `sharedByteCount` bytes.
  func buffers(_ memory: UnsafeMutableRawPointer) -> Buffers {
    let floats = unsafe memory.assumingMemoryBound(to: Float.self)
    return unsafe Buffers(
      totals: floats, gradient: floats + totalCount,
      input: floats + totalCount + gradientCount)
  }

  /// A row of the input, a product, or the gradient of an output channel's weight.
  var scratchByteCount: Int {
    let columns = (grid[0].columns.count + margin) * step
    let product =
      Self.outputsPerProduct.roundedUp(toMultipleOf: matrix.mr) * panels * matrix.nr
    return max(columns * convolution.inChannels, product, convolution.k)
      * MemoryLayout<Float>.stride
  }
}
