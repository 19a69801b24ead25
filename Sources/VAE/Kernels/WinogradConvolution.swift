/// 3x3 convolution by Winograd's F(4x4, 3x3): a quarter of the multiplications.
///
/// A tile here is a rectangle of blocks of 4x4 output pixels. Their input, six by six pixels each, is
/// transformed to 36 taps; each tap is a matrix [blocks, inChannels] that is multiplied with the
/// transformed kernels, and the products are transformed back. The transform writes what the
/// multiplication reads, in memory that one thread keeps in its cache.
struct WinogradConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape

  /// Pixels of a side of a block.
  private static let blockSide = 4
  /// Products of a block.
  private static let tapCount = 36

  var weightLayout: WeightLayout { .winograd }
  var tileCount: Int { tiling.count }
  private var convolution: Convolution { input.convolution }
  private var kernels: Kernels { input.kernels }

  /// Whether `convolution` is one that this method computes, and faster than the plain one.
  static func suits(_ convolution: Convolution) -> Bool {
    convolution.kernelSize == 3 && convolution.stride == 1
      && min(convolution.inChannels, convolution.outChannels) >= 16
  }

  /// How the grid of blocks is cut.
  private var tiling: ConvolutionTiling {
    let grid = TensorShape(
      height: (outputShape.height + Self.blockSide - 1) / Self.blockSide,
      width: (outputShape.width + Self.blockSide - 1) / Self.blockSide,
      channels: outputShape.channels)
    // Few enough blocks that the taps of narrow layers stay in the cache; enough of them in wide
    // layers that reading the kernels, which do not, is a small part of the work. About square, so
    // that little of the input is read twice; multiples of what the multiplication takes at a time.
    let blocks = convolution.inChannels + outputShape.channels > 512 ? 72 : 48
    let columns = min(grid.width, max(8, blocks / grid.height))
    return ConvolutionTiling(output: grid, rowsPerTile: blocks / columns, columnsPerTile: columns)
  }

  /// The places of a tile's data in the scratch memory, in floats.
  private struct Layout {
    /// From one block's input values of a tap to the next block's.
    let inputStride: Int
    /// From one block's products of a tap to the next block's.
    let productStride: Int
    let inputTapStride: Int
    let productTapStride: Int
    let panels: Int
    let inputOffset: Int
    let productOffset: Int
    let count: Int

    init(_ method: WinogradConvolution, blocks: Int, windowCount: Int) {
      let kernels = method.kernels
      func roundedUp(_ count: Int, to multiple: Int) -> Int {
        (count + multiple - 1) / multiple * multiple
      }
      let rows = roundedUp(blocks, to: kernels.gemmRows)
      panels = (method.outputShape.channels + kernels.panel - 1) / kernels.panel
      inputStride = roundedUp(method.convolution.inChannels, to: kernels.lanes)
      productStride = panels * kernels.panel
      // A line more than the values keeps the 36 taps from falling onto the same cache sets.
      inputTapStride = rows * inputStride + 16
      productTapStride = rows * productStride + 16
      // Vectors read past the last channel of the window's last pixel.
      inputOffset = roundedUp(windowCount + kernels.lanes, to: 16)
      productOffset = inputOffset + WinogradConvolution.tapCount * inputTapStride
      count = productOffset + WinogradConvolution.tapCount * productTapStride
    }
  }

  var scratchFloatCount: Int {
    let largest = tiling[0]
    return Layout(self, blocks: largest.pixelCount, windowCount: window(of: largest).count).count
  }

  /// The input of whole blocks, whether their pixels are all in the picture or not.
  private func window(of tile: ConvolutionTiling.Tile) -> ConvolutionInput.Window {
    func pixels(_ blocks: Range<Int>) -> Range<Int> {
      blocks.lowerBound * Self.blockSide..<blocks.upperBound * Self.blockSide
    }
    return input.doubledWindow(rows: pixels(tile.rows), columns: pixels(tile.columns))
  }

  func run(
    tile index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let tile = tiling[index]
    let window = window(of: tile)
    let layout = Layout(self, blocks: tile.pixelCount, windowCount: window.count)
    if convolution.upsamples {
      unsafe input.readDoubled(window, of: arguments.input, norm: arguments.norm, into: scratch)
    } else {
      unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    }
    unsafe transformInput(tile, window, layout, scratch)
    unsafe multiply(tile, arguments, layout, scratch)
    copyResidual(tile, arguments)
    unsafe transformOutput(tile, arguments, layout, scratch)
    return unsafe finish(tile, arguments, sums)
  }

  private func transformInput(
    _ tile: ConvolutionTiling.Tile, _ window: ConvolutionInput.Window, _ layout: Layout,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<tile.rows.count {
      unsafe kernels.winogradInput(
        scratch + row * Self.blockSide * window.rowStride, rowStride: window.rowStride,
        tiles: tile.columns.count, channels: convolution.inChannels,
        into: scratch + layout.inputOffset + row * tile.columns.count * layout.inputStride,
        tapStride: layout.inputTapStride, tileStride: layout.inputStride)
    }
  }

  private func multiply(
    _ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments, _ layout: Layout,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let kernelStride = kernels.panelCount(
      channels: convolution.inChannels, outputs: outputShape.channels)
    for tap in 0..<Self.tapCount {
      unsafe kernels.multiplyPanels(
        scratch + layout.inputOffset + tap * layout.inputTapStride,
        rowStride: layout.inputStride, count: tile.pixelCount, channels: convolution.inChannels,
        arguments.weight + tap * kernelStride, panels: layout.panels,
        into: scratch + layout.productOffset + tap * layout.productTapStride,
        stride: layout.productStride)
    }
  }

  private func transformOutput(
    _ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments, _ layout: Layout,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let rowStride = outputShape.width * outputShape.channels
    var products = unsafe scratch + layout.productOffset
    for blockRow in tile.rows {
      let y = blockRow * Self.blockSide
      for blockColumn in tile.columns {
        let x = blockColumn * Self.blockSide
        unsafe kernels.winogradOutput(
          products, tapStride: layout.productTapStride, outputs: outputShape.channels,
          rows: min(Self.blockSide, outputShape.height - y),
          columns: min(Self.blockSide, outputShape.width - x),
          into: arguments.output + y * rowStride + x * outputShape.channels, rowStride: rowStride,
          accumulating: arguments.residual != nil)
        unsafe products += layout.productStride
      }
    }
  }

  /// Puts the residual where the output goes, unless it lies there.
  private func copyResidual(_ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments) {
    guard let residual = unsafe arguments.residual, unsafe residual != arguments.output else {
      return
    }
    forEachRun(of: tile) { start, pixels in
      let offset = start * outputShape.channels
      unsafe (arguments.output + offset).update(
        from: residual + offset, count: pixels * outputShape.channels)
    }
  }

  private func finish(
    _ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments,
    _ sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    var isFinite = true
    forEachRun(of: tile) { start, pixels in
      let isRunFinite = unsafe kernels.epilogue(
        arguments.output + start * outputShape.channels, pixels: pixels,
        channels: outputShape.channels, bias: arguments.bias, convolution.outputActivation,
        sums: sums)
      isFinite = isFinite && isRunFinite
    }
    return isFinite
  }

  /// Calls `body` with the first pixel and the length of each run of a tile's pixels that lies in one
  /// piece in memory.
  private func forEachRun(
    of tile: ConvolutionTiling.Tile, _ body: (_ start: Int, _ pixels: Int) -> Void
  ) {
    let rows =
      tile.rows.lowerBound
      * Self.blockSide..<min(
        tile.rows.upperBound * Self.blockSide, outputShape.height)
    let left = tile.columns.lowerBound * Self.blockSide
    let right = min(tile.columns.upperBound * Self.blockSide, outputShape.width)
    if right - left == outputShape.width {
      body(rows.lowerBound * outputShape.width, rows.count * outputShape.width)
    } else {
      for row in rows { body(row * outputShape.width + left, right - left) }
    }
  }
}
