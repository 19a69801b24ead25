/// Convolution as matrix multiplication without a column matrix.
///
/// The input pixels under one row of the kernel lie side by side, so that a row of pixels is already the
/// matrix that a row of the kernel is multiplied with: its rows overlap. It serves 1x1 convolutions,
/// whose pixels are one long row, steps of two, and the ends of a network, where channels are few.
struct DirectConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape
  /// Whether each output pixel depends on one input pixel alone: then both tensors are one long row.
  private let isPointwise: Bool

  /// Tiles of a part of the one long row.
  private static let pointwiseTilesPerBand = 256

  /// The method for `convolution`, or nil if it doubles the picture.
  init?(
    _ convolution: Convolution, _ shape: TensorShape, _ outputShape: TensorShape, _ kernels: Kernels
  ) {
    guard !convolution.upsamples else { return nil }
    func flat(_ shape: TensorShape) -> TensorShape {
      TensorShape(height: 1, width: shape.pixelCount, channels: shape.channels)
    }
    isPointwise =
      convolution.kernelSize == 1 && convolution.stride == 1 && convolution.padding == .all(0)
    input = ConvolutionInput(
      convolution: convolution, shape: isPointwise ? flat(shape) : shape, kernels: kernels)
    self.outputShape = isPointwise ? flat(outputShape) : outputShape
  }

  var name: String { isNarrow ? "direct, narrow" : "direct" }
  var weightLayout: WeightLayout { isNarrow ? .columns : .panels }
  var tileCount: Int { tiling.count }
  var multiplyAdds: Int { outputShape.count * convolution.depth }
  var tilesPerBand: Int {
    isPointwise ? min(tileCount, Self.pointwiseTilesPerBand) : tiling.tilesAcross
  }
  private var convolution: Convolution { input.convolution }
  private var kernels: Kernels { input.kernels }
  /// Whether the output channels would leave most of a panel empty.
  private var isNarrow: Bool { outputShape.channels * 2 <= kernels.panel }
  private var tiling: ConvolutionTiling {
    // Few enough pixels that their input and their products stay in the cache, in multiples of what
    // the multiplication takes at a time; several rows where the kernel has some, so that little of
    // the input is read twice.
    let (rows, columns) = convolution.kernelSize == 1 ? (1, 96) : isNarrow ? (16, 48) : (4, 24)
    return ConvolutionTiling(output: outputShape, rowsPerTile: rows, columnsPerTile: columns)
  }
  /// Floats of the products of a pixel.
  private var productStride: Int {
    isNarrow ? outputShape.channels : kernels.panels(outputs: outputShape.channels) * kernels.panel
  }

  /// Floats of the window of a tile, and of the pixels behind it that the last rows of a multiplication
  /// read.
  private func windowCount(_ window: ConvolutionInput.Window) -> Int {
    window.count + kernels.gemmRows * convolution.stride * convolution.inChannels
  }

  var scratchFloatCount: Int {
    let largest = tiling[0]
    let window = input.window(rows: largest.rows, columns: largest.columns)
    return windowCount(window) + (largest.columns.count + kernels.gemmRows) * productStride
  }

  /// A tile's input is read before its output is written, so it may be written over; but pixels of the
  /// output that are shorter than those of the input come to lie over earlier pixels of the input.
  /// Each range ends before its output reaches its input.
  var inPlaceBatches: [Range<Int>]? {
    guard isPointwise, outputShape.channels <= convolution.inChannels else { return nil }
    if outputShape.channels == convolution.inChannels { return [0..<tileCount] }
    var batches = [0..<min(1, tileCount)]
    while let start = batches.last?.upperBound, start < tileCount {
      let end = max(start + 1, start * convolution.inChannels / outputShape.channels)
      batches.append(start..<min(end, tileCount))
    }
    return batches
  }

  func pixels(ofTiles tiles: Range<Int>) -> BandPixels {
    if isPointwise {
      let pixels =
        tiling[tiles.lowerBound].columns
        .lowerBound..<tiling[tiles.upperBound - 1].columns.upperBound
      return BandPixels(input: pixels, output: pixels)
    }
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
    let window = input.window(rows: tile.rows, columns: tile.columns)
    unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    var isFinite = true
    for y in tile.rows {
      let top = (y - tile.rows.lowerBound) * convolution.stride * window.rowStride
      let isRowFinite = unsafe run(
        row: y, tile.columns, arguments, window: scratch + top, rowStride: window.rowStride,
        products: scratch + windowCount(window), sums: sums)
      isFinite = isFinite && isRowFinite
    }
    return isFinite
  }

  /// Computes the pixels `columns` of row `y`.
  private func run(
    row y: Int, _ columns: Range<Int>, _ arguments: ConvolutionArguments,
    window: UnsafePointer<Float>, rowStride: Int, products: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    for row in 0..<convolution.kernelSize {
      unsafe multiply(
        window + row * rowStride, count: columns.count, row: row, arguments.weight, into: products)
    }
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

  /// Multiplies a row of pixels with a row of the kernels, and adds the products to those of the rows
  /// before.
  private func multiply(
    _ pixels: UnsafePointer<Float>, count: Int, row: Int, _ weight: UnsafePointer<Float>,
    into products: UnsafeMutablePointer<Float>
  ) {
    let depth = convolution.kernelSize * convolution.inChannels
    let rows = unsafe Kernels.Rows(
      start: pixels, stride: convolution.stride * convolution.inChannels, count: count,
      depth: depth)
    if isNarrow {
      unsafe kernels.multiplyRows(
        rows,
        .init(
          start: weight + row * depth, stride: convolution.depth, count: outputShape.channels,
          depth: depth),
        into: products, stride: productStride, accumulating: row > 0)
    } else {
      unsafe kernels.multiplyPanels(
        rows,
        .init(
          start: weight + row * depth * kernels.panel, stride: convolution.depth * kernels.panel,
          count: kernels.panels(outputs: outputShape.channels)),
        into: products, stride: productStride, accumulating: row > 0)
    }
  }
}
