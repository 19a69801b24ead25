/// Convolution as im2col and matrix multiplication with OpenBLAS, chunk by chunk.
///
/// The plain path: it computes every convolution of the family and is what faster kernels are held
/// against. For one row of the kernel at a time, the input pixels under it are laid out as the rows of
/// a column matrix, which is multiplied with that row's part of the weights and added up.
struct Im2colConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape
  private let gemm = GEMM()

  /// The convolution of `input` to a tensor of `outputShape`.
  init(input: ConvolutionInput, outputShape: TensorShape) {
    self.input = input
    self.outputShape = outputShape
  }

  var name: String { "im2col" }
  var weightForm: any WeightForm {
    PackedWeights(matrix: input.kernels.matrixKernel(.f32, columns: 1), kernels: input.kernels)
  }
  var chunkCount: Int { grid.count }
  var multiplyAdds: Int { outputShape.count * convolution.k }
  var chunksPerBand: Int { grid.chunksAcross }
  private var convolution: Convolution { input.convolution }

  /// How the output is cut.
  var grid: ChunkGrid {
    ChunkGrid(
      output: outputShape,
      columnByteCount: convolution.kernelSize * convolution.inChannels * MemoryLayout<Float>.stride)
  }

  /// Bytes of scratch memory that a worker needs: the chunk's input and the column matrix.
  var scratchByteCount: Int {
    let largest = grid[0]
    let window = input.window(rows: largest.rows, columns: largest.columns)
    let columnCount =
      isPointwise ? 0 : largest.pixelCount * convolution.kernelSize * convolution.inChannels
    return (window.count + columnCount) * MemoryLayout<Float>.stride
  }

  /// The pixels are the column matrix then.
  private var isPointwise: Bool { convolution.isPointwise }

  func pixels(ofChunks chunks: Range<Int>) -> BandPixels {
    bandPixels(outputRows: grid.rows(ofChunks: chunks))
  }

  func run(
    chunk index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutableRawPointer,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let scratch = unsafe scratch.assumingMemoryBound(to: Float.self)
    let chunk = grid[index]
    let start = (chunk.rows.lowerBound * outputShape.width + chunk.columns.lowerBound)
    let outputOffset = start * outputShape.channels
    let output = unsafe arguments.output + outputOffset
    let pixels = chunk.pixelCount
    let valueCount = pixels * outputShape.channels
    if let residual = unsafe arguments.residual, unsafe residual + outputOffset != output {
      unsafe output.update(from: residual + outputOffset, count: valueCount)
    }
    let hasResidual = unsafe arguments.residual != nil
    if isPointwise {
      unsafe multiplyPixels(
        from: start, pixels, arguments, scratch, into: output, accumulating: hasResidual)
    } else {
      unsafe multiplyColumns(chunk, arguments, scratch, into: output, accumulating: hasResidual)
    }
    return unsafe input.kernels.epilogue(
      output, pixels: pixels, channels: outputShape.channels, bias: arguments.bias,
      convolution.outputActivation, sums: sums)
  }

  private func multiplyPixels(
    from start: Int, _ pixels: Int, _ arguments: ConvolutionArguments,
    _ scratch: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    accumulating: Bool
  ) {
    let channels = convolution.inChannels
    var matrix = unsafe arguments.input + start * channels
    if arguments.norm != nil || convolution.inputActivation != .identity {
      unsafe input.kernels.prologue(
        matrix, pixels: pixels, channels: channels, norm: arguments.norm,
        convolution.inputActivation, into: scratch)
      unsafe matrix = UnsafePointer(scratch)
    }
    unsafe gemm.multiply(
      .init(start: matrix, rowStride: channels),
      .init(start: arguments.floatWeight, rowStride: channels),
      rows: pixels, columns: outputShape.channels, k: channels,
      into: output, resultStride: outputShape.channels, accumulating: accumulating)
  }

  private func multiplyColumns(
    _ chunk: ChunkGrid.Chunk, _ arguments: ConvolutionArguments,
    _ scratch: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    accumulating: Bool
  ) {
    let window = input.window(rows: chunk.rows, columns: chunk.columns)
    unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    let columns = unsafe scratch + window.count
    let k = convolution.kernelSize * convolution.inChannels
    for kernelRow in 0..<convolution.kernelSize {
      unsafe fillColumns(chunk, window, kernelRow, from: scratch, into: columns)
      unsafe gemm.multiply(
        .init(start: columns, rowStride: k),
        .init(
          start: arguments.floatWeight + kernelRow * k,
          rowStride: k * convolution.kernelSize),
        rows: chunk.pixelCount, columns: outputShape.channels, k: k,
        into: output, resultStride: outputShape.channels,
        accumulating: accumulating || kernelRow > 0)
    }
  }

  /// Lays out the pixels under one row of the kernel: a row of kernelSize · inChannels values for each
  /// pixel of the chunk.
  private func fillColumns(
    _ chunk: ChunkGrid.Chunk, _ window: ConvolutionInput.Window, _ kernelRow: Int,
    from buffer: UnsafePointer<Float>, into columns: UnsafeMutablePointer<Float>
  ) {
    let channels = window.channels
    let k = convolution.kernelSize * channels
    let shift = convolution.upsamples ? 1 : 0
    var destination = unsafe columns
    for y in chunk.rows {
      let top = y * convolution.stride - convolution.padding.top + kernelRow
      let source = unsafe buffer + (top >> shift - window.rows.lowerBound) * window.rowStride
      for x in chunk.columns {
        let left = x * convolution.stride - convolution.padding.left
        if shift == 0 {
          let offset = (left - window.columns.lowerBound) * channels
          unsafe destination.update(from: source + offset, count: k)
        } else {
          for tap in 0..<convolution.kernelSize {
            let place = unsafe destination + tap * channels
            if convolution.upsampling == .zeros, (top | (left + tap)) & 1 == 1 {
              unsafe place.update(repeating: 0, count: channels)
            } else {
              let offset = ((left + tap) >> shift - window.columns.lowerBound) * channels
              unsafe place.update(from: source + offset, count: channels)
            }
          }
        }
        unsafe destination += k
      }
    }
  }
}
