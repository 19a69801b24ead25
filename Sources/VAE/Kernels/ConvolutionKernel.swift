/// Convolution as im2col and matrix multiplication, tile by tile.
///
/// The plain path: it computes every convolution of the family and is what faster kernels are held
/// against. For one row of the kernel at a time, the input pixels under it are laid out as the rows of
/// a column matrix, which is multiplied with that row's part of the weights and added up.
struct ConvolutionKernel {
  let convolution: Convolution
  let inputShape: TensorShape
  let outputShape: TensorShape
  let kernels: Kernels
  let gemm: GEMM

  /// The tensors and parameters of one run.
  @safe struct Arguments {
    let input: UnsafePointer<Float>
    let residual: UnsafePointer<Float>?
    let output: UnsafeMutablePointer<Float>
    /// `[outChannels, kernelSize, kernelSize, inChannels]`.
    let weight: UnsafePointer<Float>
    /// `[outChannels]`.
    let bias: UnsafePointer<Float>?
    let norm: NormCoefficients?
  }

  /// How the output is cut.
  var tiling: ConvolutionTiling {
    ConvolutionTiling(
      output: outputShape,
      columnByteCount: convolution.kernelSize * convolution.inChannels * MemoryLayout<Float>.stride)
  }

  /// Floats of scratch memory that a worker needs: the tile's input and the column matrix.
  var scratchFloatCount: Int {
    let largest = tiling[0]
    let window = window(of: largest)
    return window.count
      + (isPointwise ? 0 : largest.pixelCount * convolution.kernelSize * convolution.inChannels)
  }

  /// A 1x1 convolution: the pixels are the column matrix.
  private var isPointwise: Bool {
    convolution.kernelSize == 1 && convolution.stride == 1 && !convolution.upsamples
      && convolution.padding == .all(0)
  }

  /// The pixels of the stored input under a tile, those of the padding included.
  private struct Window {
    let rows: Range<Int>
    let columns: Range<Int>
    let channels: Int
    var count: Int { rows.count * columns.count * channels }
  }

  private func window(of tile: ConvolutionTiling.Tile) -> Window {
    // An arithmetic shift maps the padding around the doubled picture onto that around the stored one.
    let shift = convolution.upsamples ? 1 : 0
    func range(_ pixels: Range<Int>, _ before: Int) -> Range<Int> {
      let first = pixels.lowerBound * convolution.stride - before
      let last =
        (pixels.upperBound - 1) * convolution.stride - before + convolution.kernelSize - 1
      return (first >> shift)..<(last >> shift) + 1
    }
    return Window(
      rows: range(tile.rows, convolution.padding.top),
      columns: range(tile.columns, convolution.padding.left), channels: convolution.inChannels)
  }

  /// Computes tile `index` of the output.
  ///
  /// - Parameters:
  ///   - scratch: `scratchFloatCount` floats that nobody else uses meanwhile.
  ///   - sums: the tile's 2 · outChannels totals for the next norm, or nil if nobody wants them.
  /// - Returns: false if a value of the tile is NaN or infinite.
  func run(
    tile index: Int, _ arguments: Arguments, scratch: UnsafeMutablePointer<Float>,
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
    return unsafe kernels.epilogue(
      output, pixels: pixels, channels: outputShape.channels, bias: arguments.bias,
      convolution.outputActivation, sums: sums)
  }

  private func multiplyPixels(
    from start: Int, _ pixels: Int, _ arguments: Arguments,
    _ scratch: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    accumulating: Bool
  ) {
    let channels = convolution.inChannels
    var matrix = unsafe arguments.input + start * channels
    if arguments.norm != nil || convolution.inputActivation != .identity {
      unsafe kernels.prologue(
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
    _ tile: ConvolutionTiling.Tile, _ arguments: Arguments,
    _ scratch: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    accumulating: Bool
  ) {
    let window = window(of: tile)
    unsafe readInput(window, arguments, into: scratch)
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

  /// Copies a window of the input, normalised and activated, with zeros where the padding is.
  private func readInput(
    _ window: Window, _ arguments: Arguments, into buffer: UnsafeMutablePointer<Float>
  ) {
    let channels = window.channels
    let inside = window.columns.clamped(to: 0..<inputShape.width)
    let rowCount = window.columns.count * channels
    for (index, row) in window.rows.enumerated() {
      let destination = unsafe buffer + index * rowCount
      guard (0..<inputShape.height).contains(row), !inside.isEmpty else {
        unsafe destination.update(repeating: 0, count: rowCount)
        continue
      }
      let before = (inside.lowerBound - window.columns.lowerBound) * channels
      let after = (window.columns.upperBound - inside.upperBound) * channels
      unsafe destination.update(repeating: 0, count: before)
      unsafe (destination + rowCount - after).update(repeating: 0, count: after)
      unsafe kernels.prologue(
        arguments.input + (row * inputShape.width + inside.lowerBound) * channels,
        pixels: inside.count, channels: channels, norm: arguments.norm,
        convolution.inputActivation, into: destination + before)
    }
  }

  /// Lays out the pixels under one row of the kernel: a row of kernelSize · inChannels values for each
  /// pixel of the tile.
  private func fillColumns(
    _ tile: ConvolutionTiling.Tile, _ window: Window, _ kernelRow: Int,
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
      let source = unsafe buffer + row * window.columns.count * channels
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
