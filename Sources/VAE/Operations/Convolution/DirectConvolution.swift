/// Convolution as matrix multiplication without a column matrix.
///
/// The input pixels under one row of the kernel lie side by side, so that a row of pixels is already the
/// matrix that a row of the kernel is multiplied with: its rows overlap. It serves 1x1 convolutions,
/// whose pixels are one long row, steps of two, and the ends of a network, where channels are few.
struct DirectConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape
  private let matrix: MatrixKernel

  /// Chunks of a part of the one long row.
  private static let pointwiseChunksPerBand = 256

  /// The method for the convolution of `input`, or nil if it upsamples.
  init?(_ input: ConvolutionInput, _ outputShape: TensorShape, _ precision: Precision) {
    let convolution = input.convolution
    guard !convolution.upsamples else { return nil }
    func flat(_ shape: TensorShape) -> TensorShape {
      TensorShape(height: 1, width: shape.pixelCount, channels: shape.channels)
    }
    let isPointwise = convolution.isPointwise
    self.input = ConvolutionInput(
      convolution: convolution, shape: isPointwise ? flat(input.shape) : input.shape,
      kernels: input.kernels)
    matrix = input.kernels.matrixKernel(precision, columns: outputShape.channels)
    self.outputShape = isPointwise ? flat(outputShape) : outputShape
  }

  var name: String { isNarrow ? "direct, narrow" : "direct" }
  var weightForm: any WeightForm { PackedWeights(matrix: matrix, kernels: kernels) }
  var chunkCount: Int { grid.count }
  var multiplyAdds: Int { outputShape.count * convolution.k }
  var chunksPerBand: Int {
    isPointwise ? min(chunkCount, Self.pointwiseChunksPerBand) : grid.chunksAcross
  }
  private var convolution: Convolution { input.convolution }
  private var kernels: Kernels { input.kernels }
  /// Both tensors are one long row then.
  private var isPointwise: Bool { convolution.isPointwise }
  /// Whether the output channels are so few that they are multiplied one by one.
  private var isNarrow: Bool { matrix.nr == 1 }
  private var grid: ChunkGrid {
    // Few enough pixels that their input and their products stay in the cache, in multiples of what
    // the multiplication takes at a time; several rows where the kernel has some, so that little of
    // the input is read twice.
    let (rows, columns) = convolution.kernelSize == 1 ? (1, 96) : isNarrow ? (16, 48) : (4, 24)
    return ChunkGrid(output: outputShape, rowsPerChunk: rows, columnsPerChunk: columns)
  }
  /// Whether all rows of a chunk are multiplied as one, the pixels of the padding between them included: rows
  /// alone would be shorter than what the multiplication takes at a time.
  private var joinsRows: Bool {
    convolution.stride == 1 && convolution.kernelSize > 1 && outputShape.width < matrix.mr
  }
  /// Floats of the products of a pixel.
  private var productStride: Int { matrix.panels(columns: outputShape.channels) * matrix.nr }

  /// Floats of the window of a chunk, and of the pixels behind it that the last rows of a multiplication
  /// read.
  private func windowCount(_ window: ConvolutionInput.Window) -> Int {
    window.count + matrix.mr * convolution.stride * convolution.inChannels
  }

  var scratchByteCount: Int {
    let largest = grid[0]
    let window = input.window(rows: largest.rows, columns: largest.columns)
    let products = joinsRows ? window.rows.count * window.columns.count : largest.columns.count
    return (windowCount(window) + (products + matrix.mr) * productStride)
      * MemoryLayout<Float>.stride
  }

  /// A chunk's input is read before its output is written, so it may be written over; but pixels of the
  /// output that are shorter than those of the input come to lie over earlier pixels of the input.
  /// Each range ends before its output reaches its input.
  var inPlaceBatches: [Range<Int>]? {
    guard isPointwise, outputShape.channels <= convolution.inChannels else { return nil }
    if outputShape.channels == convolution.inChannels { return [0..<chunkCount] }
    var batches = [0..<min(1, chunkCount)]
    while let start = batches.last?.upperBound, start < chunkCount {
      let end = max(start + 1, start * convolution.inChannels / outputShape.channels)
      batches.append(start..<min(end, chunkCount))
    }
    return batches
  }

  func pixels(ofChunks chunks: Range<Int>) -> BandPixels {
    if isPointwise {
      let pixels =
        grid[chunks.lowerBound].columns
        .lowerBound..<grid[chunks.upperBound - 1].columns.upperBound
      return BandPixels(input: pixels, output: pixels)
    }
    return bandPixels(outputRows: grid.rows(ofChunks: chunks))
  }

  func run(
    chunk index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutableRawPointer,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let scratch = unsafe scratch.assumingMemoryBound(to: Float.self)
    let chunk = grid[index]
    let window = input.window(rows: chunk.rows, columns: chunk.columns)
    unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    let products = unsafe scratch + windowCount(window)
    if joinsRows {
      let pixels = (chunk.rows.count - 1) * window.columns.count + chunk.columns.count
      unsafe multiply(
        scratch, rowStride: window.rowStride, count: pixels, arguments.weight, into: products)
    }
    var isFinite = true
    for y in chunk.rows {
      let row = y - chunk.rows.lowerBound
      var place = unsafe products
      if joinsRows {
        unsafe place += row * window.columns.count * productStride
      } else {
        unsafe multiply(
          scratch + row * convolution.stride * window.rowStride, rowStride: window.rowStride,
          count: chunk.columns.count, arguments.weight, into: products)
      }
      let isRowFinite = unsafe finish(row: y, chunk.columns, arguments, place, sums: sums)
      isFinite = isFinite && isRowFinite
    }
    return isFinite
  }

  /// Makes the pixels `columns` of row `y` of their products.
  private func finish(
    row y: Int, _ columns: Range<Int>, _ arguments: ConvolutionArguments,
    _ products: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let channels = outputShape.channels
    let offset = (y * outputShape.width + columns.lowerBound) * channels
    let output = unsafe arguments.output + offset
    if let residual = unsafe arguments.residual, unsafe residual != arguments.output {
      unsafe output.update(from: residual + offset, count: columns.count * channels)
    }
    unsafe kernels.storeRows(
      products, rows: columns.count, columns: channels, sourceStride: productStride, into: output,
      accumulating: arguments.residual != nil)
    return unsafe kernels.epilogue(
      output, pixels: columns.count, channels: channels, bias: arguments.bias,
      convolution.outputActivation, sums: sums)
  }

  /// Multiplies a row of `count` pixels with the kernels, `rowStride` floats from one row under them to the next.
  private func multiply(
    _ pixels: UnsafePointer<Float>, rowStride: Int, count: Int, _ weight: UnsafeRawPointer,
    into products: UnsafeMutablePointer<Float>
  ) {
    let k = convolution.kernelSize * convolution.inChannels
    for row in 0..<convolution.kernelSize {
      unsafe matrix.multiply(
        .init(
          start: pixels + row * rowStride, stride: convolution.stride * convolution.inChannels,
          count: count, k: k),
        .init(
          start: weight + matrix.panelStride(k: row * k) * matrix.rightByteCount,
          stride: matrix.panelStride(k: convolution.k),
          count: matrix.panels(columns: outputShape.channels)),
        into: products, stride: productStride, accumulating: row > 0)
    }
  }
}
