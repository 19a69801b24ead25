/// Convolution as im2col and matrix multiplication, tile by tile.
///
/// The plain path: it computes every convolution of the family and is what faster kernels are held
/// against. For one row of the kernel at a time, the input pixels under it are laid out as the rows of
/// a column matrix, which is multiplied with that row's part of the weights and added up.
struct ColumnConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape
  private let gemm = GEMM()

  /// The convolution of `input` to a tensor of `outputShape`.
  init(input: ConvolutionInput, outputShape: TensorShape) {
    self.input = input
    self.outputShape = outputShape
  }

  var name: String { "im2col" }
  var weightLayout: WeightLayout { .columns }
  var tileCount: Int { tiling.count }
  var multiplyAdds: Int { outputShape.count * convolution.depth }
  var tilesPerBand: Int { tiling.tilesAcross }
  private var convolution: Convolution { input.convolution }

  /// How the output is cut.
  var tiling: ConvolutionTiling {
    ConvolutionTiling(
      output: outputShape,
      columnByteCount: convolution.kernelSize * convolution.inChannels * MemoryLayout<Float>.stride)
  }

  /// Floats of scratch memory that a worker needs: the tile's input and the column matrix.
  var scratchFloatCount: Int {
    let largest = tiling[0]
    let window = input.window(rows: largest.rows, columns: largest.columns)
    return window.count
      + (isPointwise ? 0 : largest.pixelCount * convolution.kernelSize * convolution.inChannels)
  }

  /// A 1x1 convolution: the pixels are the column matrix.
  private var isPointwise: Bool {
    convolution.kernelSize == 1 && convolution.stride == 1 && !convolution.upsamples
      && convolution.padding == .all(0)
  }

  func pixels(ofTiles tiles: Range<Int>) -> BandPixels {
    let rows = tiling.rows(ofTiles: tiles)
    return BandPixels(
      input: input.pixels(inRows: input.window(rows: rows, columns: 0..<1).rows),
      output: rows.lowerBound * outputShape.width..<rows.upperBound * outputShape.width)
  }

  func run(
    tile index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let tile = tiling[index]
    let start = (tile.rows.lowerBound * outputShape.width + tile.columns.lowerBound)
    let outputOffset = start * outputShape.channels
    let output = unsafe arguments.output + outputOffset
    let pixels = tile.pixelCount
    let valueCount = pixels * outputShape.channels
    if let residual = unsafe arguments.residual, unsafe residual + outputOffset != output {
      unsafe output.update(from: residual + outputOffset, count: valueCount)
    }
    let hasResidual = unsafe arguments.residual != nil
    if isPointwise {
      unsafe multiplyPixels(
        from: start, pixels, arguments, scratch, into: output, accumulating: hasResidual)
    } else {
      unsafe multiplyColumns(tile, arguments, scratch, into: output, accumulating: hasResidual)
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
      .init(start: arguments.weight, rowStride: channels),
      rows: pixels, columns: outputShape.channels, depth: channels,
      into: output, resultStride: outputShape.channels, accumulating: accumulating)
  }

  private func multiplyColumns(
    _ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments,
    _ scratch: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    accumulating: Bool
  ) {
    let window = input.window(rows: tile.rows, columns: tile.columns)
    unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    let columns = unsafe scratch + window.count
    let depth = convolution.kernelSize * convolution.inChannels
    for kernelRow in 0..<convolution.kernelSize {
      unsafe fillColumns(tile, window, kernelRow, from: scratch, into: columns)
      unsafe gemm.multiply(
        .init(start: columns, rowStride: depth),
        .init(
          start: arguments.weight + kernelRow * depth,
          rowStride: depth * convolution.kernelSize),
        rows: tile.pixelCount, columns: outputShape.channels, depth: depth,
        into: output, resultStride: outputShape.channels,
        accumulating: accumulating || kernelRow > 0)
    }
  }

  /// Lays out the pixels under one row of the kernel: a row of kernelSize · inChannels values for each
  /// pixel of the tile.
  private func fillColumns(
    _ tile: ConvolutionTiling.Tile, _ window: ConvolutionInput.Window, _ kernelRow: Int,
    from buffer: UnsafePointer<Float>, into columns: UnsafeMutablePointer<Float>
  ) {
    let channels = window.channels
    let depth = convolution.kernelSize * channels
    let shift = convolution.upsamples ? 1 : 0
    var destination = unsafe columns
    for y in tile.rows {
      let row =
        (y * convolution.stride - convolution.padding.top + kernelRow) >> shift
        - window.rows.lowerBound
      let source = unsafe buffer + row * window.rowStride
      for x in tile.columns {
        let left = x * convolution.stride - convolution.padding.left
        if shift == 0 {
          let offset = (left - window.columns.lowerBound) * channels
          unsafe destination.update(from: source + offset, count: depth)
        } else {
          for tap in 0..<convolution.kernelSize {
            let offset = ((left + tap) >> shift - window.columns.lowerBound) * channels
            unsafe (destination + tap * channels).update(from: source + offset, count: channels)
          }
        }
        unsafe destination += depth
      }
    }
  }
}
