/// The products that the gradient of a convolution's weight is the sum of: for each strip of output pixels
/// and each value of the kernels, the transposed gradient times the input pixels under that value.
///
/// The pixels of a strip stand in one row, rows of the picture one after the other, each as long as that of
/// the input under it: so the input pixels under each value of the kernel are the same row from another place
/// on. The gradient has zeros where the row of the input is longer. The input of a step of two lies in four
/// such rows, of even and odd rows and columns; so does the gradient where the input is doubled, each row for
/// 2x2 values that the kernels were folded to. The products of a strip are added to those of the strips before
/// it, whose order and size depend on shapes alone.
struct WeightGradientStrips: Sendable {
  let input: ConvolutionInput
  let gradientShape: TensorShape
  private let matrix: MatrixKernel
  /// Packs what has its pixels in the place of columns.
  private let turning: MatrixKernel
  private let grid: ChunkGrid
  private let taps: [Tap]

  /// Bytes of input and gradient of a strip, which stay in a core's cache while each is multiplied with each.
  private static let bytesPerStrip = 512 << 10
  /// Enough that threads seldom wait for each other, and that sums are seldom added to totals.
  private static let pixelsPerStrip = 512...8192
  /// Pixels whose products are added up in registers; the sums of more are added to each other, which keeps
  /// rounding errors small.
  private static let pixelsPerSum = 512
  /// Output channels of a product, a multiple of what multiplications take at a time.
  private static let outputsPerProduct = 48

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
    matrix = input.kernels.matrixKernel(
      .f32, columns: min(convolution.inChannels, convolution.outChannels))
    turning = input.kernels.matrixKernel(.f32, columns: 1)
    taps = Self.taps(of: convolution)
    let channels = convolution.inChannels + convolution.outChannels
    let pixels = Self.bytesPerStrip / (channels * MemoryLayout<Float>.stride)
    let wanted = min(max(pixels, Self.pixelsPerStrip.lowerBound), Self.pixelsPerStrip.upperBound)
    let positions = convolution.upsamples ? input.shape : gradientShape
    let columns = min(positions.width, wanted)
    grid = ChunkGrid(output: positions, rowsPerChunk: wanted / columns, columnsPerChunk: columns)
  }

  var kernels: Kernels { input.kernels }
  var name: String { matrix.nr == 1 ? "strips, narrow" : "strips" }
  var multiplyAdds: Int {
    gradientShape.count / (scale * scale) * convolution.inChannels * taps.count
  }
  var count: Int { grid.count }
  var stripsPerBand: Int { grid.chunksAcross }
  private var convolution: Convolution { input.convolution }
  /// Pixels of the input from one under a value of the kernel to the next.
  private var step: Int { convolution.stride }
  /// Pixels of the gradient from one in a row of a strip to the next.
  private var scale: Int { convolution.upsamples ? 2 : 1 }
  /// The extents of the weight: output channels, input channels, values of a kernel.
  var weightShape: TensorShape {
    TensorShape(
      height: convolution.outChannels, width: convolution.inChannels,
      channels: convolution.tapCount)
  }

  /// The pixels of the input and of the gradient under whole bands.
  func pixels(ofStrips strips: Range<Int>) -> BandPixels {
    let rows = grid.rows(ofChunks: strips)
    let outputRows = rows.lowerBound * scale..<rows.upperBound * scale
    return BandPixels(
      input: input.pixels(inRows: input.window(rows: outputRows, columns: 0..<1).rows),
      output: outputRows.lowerBound * gradientShape.width..<outputRows.upperBound
        * gradientShape.width)
  }

  /// A value of the kernels, as a product has it.
  private struct Tap {
    /// The phases of gradient and input that are multiplied.
    let gradientPhase: Int
    let inputPhase: Int
    /// The first pixel of the input under it.
    let row: Int
    let column: Int
    /// The stored values that it is the sum of.
    let values: [Int]
  }

  private static func taps(of convolution: Convolution) -> [Tap] {
    let step = convolution.stride
    return !convolution.upsamples
      ? (0..<convolution.tapCount).map { tap in
        let (row, column) = tap.quotientAndRemainder(dividingBy: convolution.kernelSize)
        return Tap(
          gradientPhase: 0, inputPhase: row % step * step + column % step, row: row / step,
          column: column / step, values: [tap])
      }
      : (0..<16).map { index in
        let (phase, tap) = index.quotientAndRemainder(dividingBy: 4)
        let (row, column) = (phase / 2 + tap / 2, phase % 2 + tap % 2)
        let columns = folded(phase % 2, tap % 2)
        return Tap(
          gradientPhase: phase, inputPhase: 0, row: row, column: column,
          values: folded(phase / 2, tap / 2).flatMap { row in columns.map { row * 3 + $0 } })
      }
  }

  /// The rows of a kernel that fall onto the same stored row, in a phase of the doubled input.
  private static func folded(_ phase: Int, _ tap: Int) -> [Int] {
    [[[0], [1, 2]], [[0, 1], [2]]][phase][tap]
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
    // The last rows that a multiplication takes may be beyond the last channel.
    (scale * scale * convolution.outChannels + matrix.mr) * gradientStride
  }
  private var totalCount: Int {
    (taps.count * convolution.outChannels * convolution.inChannels).roundedUp(toMultipleOf: 16)
  }

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
    return rows * scale + (rows + margin) * step
  }

  /// Packs a part of a strip.
  func pack(
    _ part: Int, of strip: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    norm: NormCoefficients?, _ scratch: UnsafeMutableRawPointer, _ buffers: Buffers
  ) {
    let chunk = grid[strip]
    let gradientRows = chunk.rows.count * scale
    if part < gradientRows {
      unsafe packGradient(row: part, chunk, gradient, buffers)
    } else {
      unsafe packInput(
        row: part - gradientRows, chunk, input, norm,
        scratch.assumingMemoryBound(to: Float.self), buffers)
    }
  }

  private func packGradient(
    row: Int, _ chunk: ChunkGrid.Chunk, _ gradient: UnsafePointer<Float>, _ buffers: Buffers
  ) {
    // The pixels of all phases of a row stand side by side.
    let channels = convolution.outChannels * scale
    let (pitch, columns) = (chunk.columns.count + margin, chunk.columns.count)
    let first =
      (chunk.rows.lowerBound * scale + row) * gradientShape.width
      + chunk.columns.lowerBound * scale
    let destination =
      unsafe buffers.gradient + row % scale * channels * gradientStride + row / scale * pitch
    unsafe turning.packRows(
      gradient + first * convolution.outChannels, rows: columns, columns: channels,
      into: destination, stride: gradientStride)
    for channel in 0..<channels {
      unsafe (destination + channel * gradientStride + columns).update(
        repeating: 0, count: pitch - columns)
    }
  }

  /// - Parameter row: counts the rows under the strip, those of the padding included.
  private func packInput(
    row: Int, _ chunk: ChunkGrid.Chunk, _ input: UnsafePointer<Float>, _ norm: NormCoefficients?,
    _ scratch: UnsafeMutablePointer<Float>, _ buffers: Buffers
  ) {
    let (pitch, channels) = (chunk.columns.count + margin, convolution.inChannels)
    let top = chunk.rows.lowerBound * step - convolution.padding.top + row
    let left = chunk.columns.lowerBound * step - convolution.padding.left
    let window = ConvolutionInput.Window(
      rows: top..<top + 1, columns: left..<left + pitch * step, channels: channels)
    unsafe self.input.read(window, of: input, norm: norm, into: scratch)
    let panelStride = matrix.panelStride(k: inputPixels(grid[0]))
    for phase in 0..<step {
      let place = row % step * step + phase
      let destination =
        unsafe buffers.input + place * panels * panelStride + row / step * pitch * matrix.nr
      guard step > 1 else {
        unsafe matrix.packRows(
          scratch, rows: pitch, columns: channels, into: destination, stride: panelStride)
        continue
      }
      for column in 0..<pitch {
        unsafe matrix.packRows(
          scratch + (column * step + phase) * channels, rows: 1, columns: channels,
          into: destination + column * matrix.nr, stride: panelStride)
      }
    }
  }

  // MARK: Products

  private var outputBlocks: Int {
    convolution.outChannels.dividedRoundingUp(by: Self.outputsPerProduct)
  }

  /// Products of a strip: of each value of the kernels and some output channels.
  var productCount: Int { taps.count * outputBlocks }

  /// Adds a product of a strip to the totals.
  func multiply(
    _ product: Int, of strip: Int, _ scratch: UnsafeMutableRawPointer, _ buffers: Buffers
  ) {
    let (index, block) = product.quotientAndRemainder(dividingBy: outputBlocks)
    let tap = taps[index]
    let chunk = grid[strip]
    let pitch = chunk.columns.count + margin
    let first = block * Self.outputsPerProduct
    let outputs = min(Self.outputsPerProduct, convolution.outChannels - first)
    let panelStride = matrix.panelStride(k: inputPixels(grid[0]))
    let start =
      unsafe buffers.input + tap.inputPhase * panels * panelStride
      + (tap.row * pitch + tap.column) * matrix.nr
    let gradient =
      unsafe buffers.gradient
      + (tap.gradientPhase * convolution.outChannels + first) * gradientStride
    let products = unsafe scratch.assumingMemoryBound(to: Float.self)
    let pixels = (chunk.rows.count - 1) * pitch + chunk.columns.count
    let sums = pixels.dividedRoundingUp(by: Self.pixelsPerSum)
    for pixel in stride(from: 0, to: pixels, by: pixels.dividedRoundingUp(by: sums)) {
      unsafe matrix.multiply(
        .init(
          start: gradient + pixel, stride: gradientStride, count: outputs,
          k: min(pixels.dividedRoundingUp(by: sums), pixels - pixel)),
        .init(start: start + pixel * matrix.nr, stride: panelStride, count: panels),
        into: products, stride: panels * matrix.nr)
      unsafe kernels.storeRows(
        products, rows: outputs, columns: convolution.inChannels,
        sourceStride: panels * matrix.nr,
        into: buffers.totals
          + (index * convolution.outChannels + first) * convolution.inChannels,
        accumulating: strip > 0 || pixel > 0)
    }
  }

  /// Writes the gradient of an output channel's weight.
  ///
  /// - Returns: whether it is finite.
  func store(
    _ output: Int, _ buffers: Buffers, into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    let inputs = convolution.inChannels
    let count = inputs * convolution.tapCount
    let weight = unsafe destination + output * count
    unsafe weight.update(repeating: 0, count: count)
    for (index, tap) in taps.enumerated() {
      let totals =
        unsafe buffers.totals + (index * convolution.outChannels + output) * inputs
      for value in tap.values {
        for input in 0..<inputs {
          unsafe weight[input * convolution.tapCount + value] += totals[input]
        }
      }
    }
    return (0..<count).allSatisfy { unsafe weight[$0].isFinite }
  }
}
