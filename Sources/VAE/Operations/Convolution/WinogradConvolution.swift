/// 3x3 convolution by Winograd's minimal filtering: a quarter of the multiplications, or fewer.
///
/// A tile here is a rectangle of blocks of output pixels. The input under each block is transformed to
/// taps; each tap is a matrix [blocks, channels] that is multiplied with the transformed kernels, and
/// the products are transformed back. The transform writes what the multiplication reads, in memory
/// that one thread keeps in its cache.
struct WinogradConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape
  let scheme: WinogradScheme

  var name: String {
    switch scheme {
    case .plain(.f6x3): "F(6x6,3x3)"
    case .plain: "F(4x4,3x3)"
    case .doubling: "4 F(4x4,2x2)"
    case .halving: "F(4x4,2x2)/2"
    }
  }
  var weightLayout: WeightLayout { .winograd(scheme) }
  var tileCount: Int { tiling.count }
  var multiplyAdds: Int {
    let phases = (0..<form.tapCount).reduce(0) { $0 + scheme.phases(ofTap: $1).count }
    return grid.pixelCount * scheme.outputPhases.count * phases * convolution.inChannels
      * outputShape.channels
  }
  var tilesPerBand: Int { tiling.tilesAcross }
  private var convolution: Convolution { input.convolution }
  private var kernels: Kernels { input.kernels }
  private var form: WinogradForm { scheme.form }
  private var blockSide: Int { form.blockSide }

  /// The way to compute `convolution`, or nil if the plain one is better.
  static func scheme(
    for convolution: Convolution, outputShape: TensorShape
  ) -> WinogradScheme? {
    guard convolution.kernelSize == 3,
      min(convolution.inChannels, convolution.outChannels) >= 16
    else { return nil }
    // Transforming the kernels of a wide layer takes longer than what it saves in a small picture.
    let isWide = convolution.inChannels * convolution.outChannels >= 256 * 256
    if isWide, outputShape.pixelCount < 512 { return nil }
    switch (convolution.upsamples, convolution.stride) {
    case (true, 1): return convolution.padding == .all(1) ? .doubling : nil
    case (false, 2):
      // It has four times the kernels to transform.
      return isWide && outputShape.pixelCount < 128 * 128 ? nil : .halving
    case (false, 1):
      // F(6x6, 3x3) has fewer products but almost twice the kernels to transform and more pixels
      // beyond the edges: it pays from 128 x 128 pixels.
      return .plain(outputShape.pixelCount >= 128 * 128 ? .f6x3 : .f4x3)
    default: return nil
    }
  }

  /// Pixels of the output in one phase.
  private var phaseShape: TensorShape {
    let scale = scheme == .doubling ? 2 : 1
    return TensorShape(
      height: outputShape.height / scale, width: outputShape.width / scale,
      channels: outputShape.channels)
  }

  /// The blocks of a phase.
  private var grid: TensorShape {
    TensorShape(
      height: (phaseShape.height + blockSide - 1) / blockSide,
      width: (phaseShape.width + blockSide - 1) / blockSide, channels: outputShape.channels)
  }

  /// How the grid of blocks is cut.
  private var tiling: ConvolutionTiling {
    // Few enough blocks that the taps of narrow layers stay in the cache; enough of them in wide
    // layers that reading the kernels, which do not, is a small part of the work. About square, so
    // that little of the input is read twice; multiples of what the multiplication takes at a time.
    let blocks = convolution.inChannels + outputShape.channels > 512 ? 72 : 24
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
    let inputOffset: Int
    let productOffset: Int
    let count: Int

    init(_ method: WinogradConvolution, blocks: Int, windowCount: Int) {
      let kernels = method.kernels
      func roundedUp(_ count: Int, to multiple: Int) -> Int {
        (count + multiple - 1) / multiple * multiple
      }
      let rows = roundedUp(blocks, to: kernels.gemmRows)
      // The transform of the last phase writes whole vectors.
      inputStride = roundedUp(method.depth + kernels.lanes - 1, to: kernels.lanes)
      productStride = kernels.panels(outputs: method.outputShape.channels) * kernels.panel
      // A line more than the values keeps the taps from falling onto the same cache sets.
      inputTapStride = rows * inputStride + 16
      productTapStride = rows * productStride + 16
      // Vectors read past the last channel of the window's last pixel.
      inputOffset = roundedUp(windowCount + kernels.lanes, to: 16)
      productOffset = inputOffset + method.form.tapCount * inputTapStride
      count = productOffset + method.form.tapCount * productTapStride
    }
  }

  /// Channels of a block's input, those of all phases together.
  private var depth: Int { scheme.inputPhases.count * convolution.inChannels }

  var scratchFloatCount: Int {
    let largest = tiling[0]
    return Layout(self, blocks: largest.pixelCount, windowCount: window(of: largest).count).count
  }

  /// The input of whole blocks, whether their pixels are all in the picture or not.
  private func window(of tile: ConvolutionTiling.Tile) -> ConvolutionInput.Window {
    func range(_ blocks: Range<Int>, _ padding: Int) -> Range<Int> {
      let (first, last) = (blocks.lowerBound * blockSide, blocks.upperBound * blockSide)
      return switch scheme {
      case .plain: first - padding..<last - padding + 2
      case .doubling: first - 1..<last + 1
      case .halving: 2 * first - padding..<2 * last - padding + 2
      }
    }
    return ConvolutionInput.Window(
      rows: range(tile.rows, convolution.padding.top),
      columns: range(tile.columns, convolution.padding.left), channels: convolution.inChannels)
  }

  func pixels(ofTiles tiles: Range<Int>) -> BandPixels {
    let blocks = tiling.rows(ofTiles: tiles)
    let window = window(of: .init(rows: blocks, columns: 0..<1))
    let rows = outputRows(ofBlocks: blocks)
    return BandPixels(
      input: input.pixels(inRows: window.rows),
      output: rows.lowerBound * outputShape.width..<rows.upperBound * outputShape.width)
  }

  /// The rows of the output under rows of blocks.
  private func outputRows(ofBlocks blocks: Range<Int>) -> Range<Int> {
    let side = blockSide * (scheme == .doubling ? 2 : 1)
    return blocks.lowerBound * side..<min(blocks.upperBound * side, outputShape.height)
  }

  func run(
    tile index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let tile = tiling[index]
    let window = window(of: tile)
    let layout = Layout(self, blocks: tile.pixelCount, windowCount: window.count)
    unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    var isFinite = true
    for (number, phase) in scheme.outputPhases.enumerated() {
      for (part, inputPhase) in scheme.inputPhases.enumerated() {
        let phase = scheme == .halving ? inputPhase : phase
        unsafe transformInput(
          tile, window, layout, phase, scratch, channelOffset: part * convolution.inChannels)
      }
      unsafe multiply(tile, arguments, layout, scratch, phase: number)
      unsafe transformOutput(tile, arguments, layout, phase, scratch) { row, column in
        guard number == scheme.outputPhases.count - 1 else { return }
        let isBlockFinite = unsafe finish(row, column, arguments, sums)
        isFinite = isFinite && isBlockFinite
      }
    }
    return isFinite
  }

  /// - Parameter phase: the first pixel of the blocks in the window.
  private func transformInput(
    _ tile: ConvolutionTiling.Tile, _ window: ConvolutionInput.Window, _ layout: Layout,
    _ phase: WinogradScheme.Phase, _ scratch: UnsafeMutablePointer<Float>, channelOffset: Int
  ) {
    let step = scheme == .halving ? 2 : 1
    let strides = Kernels.PixelStrides(
      row: step * window.rowStride, pixel: step * window.channels)
    let source = unsafe scratch + phase.row * window.rowStride + phase.column * window.channels
    let destination = unsafe scratch + layout.inputOffset + channelOffset
    for row in 0..<tile.rows.count {
      unsafe kernels.winogradInput(
        form, source + row * blockSide * strides.row, strides, tiles: tile.columns.count,
        channels: window.channels,
        into: destination + row * tile.columns.count * layout.inputStride,
        tapStride: layout.inputTapStride, tileStride: layout.inputStride)
    }
  }

  private func multiply(
    _ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments, _ layout: Layout,
    _ scratch: UnsafeMutablePointer<Float>, phase: Int
  ) {
    let tapStride = kernels.tapStride(channels: depth, outputs: outputShape.channels)
    for tap in 0..<form.tapCount {
      let phases = scheme.phases(ofTap: tap)
      let first = phases.lowerBound * convolution.inChannels
      let weight = unsafe arguments.weight + (phase * form.tapCount + tap) * tapStride
      unsafe kernels.multiplyPanels(
        .init(
          start: scratch + layout.inputOffset + tap * layout.inputTapStride + first,
          stride: layout.inputStride, count: tile.pixelCount,
          depth: phases.count * convolution.inChannels),
        .init(
          start: weight + first * kernels.panel, stride: depth * kernels.panel,
          count: layout.productStride / kernels.panel),
        into: scratch + layout.productOffset + tap * layout.productTapStride,
        stride: layout.productStride)
    }
  }

  /// - Parameter body: called after each block, with its row and column in the grid.
  private func transformOutput(
    _ tile: ConvolutionTiling.Tile, _ arguments: ConvolutionArguments, _ layout: Layout,
    _ phase: WinogradScheme.Phase, _ scratch: UnsafeMutablePointer<Float>,
    _ body: (_ row: Int, _ column: Int) -> Void
  ) {
    let scale = scheme == .doubling ? 2 : 1
    let strides = Kernels.PixelStrides(
      row: scale * outputShape.width * outputShape.channels, pixel: scale * outputShape.channels)
    var products = unsafe scratch + layout.productOffset
    for blockRow in tile.rows {
      let y = blockRow * blockSide
      for blockColumn in tile.columns {
        let x = blockColumn * blockSide
        let pixel = (y * scale + phase.row) * outputShape.width + x * scale + phase.column
        let offset = pixel * outputShape.channels
        unsafe kernels.winogradOutput(
          form, products, tapStride: layout.productTapStride, outputs: outputShape.channels,
          rows: min(blockSide, phaseShape.height - y),
          columns: min(blockSide, phaseShape.width - x),
          residual: arguments.residual.map { unsafe $0 + offset },
          into: arguments.output + offset, strides)
        unsafe products += layout.productStride
        body(blockRow, blockColumn)
      }
    }
  }

  /// Adds the bias to the pixels of a block while they are in the cache, and what else is done to
  /// an output.
  private func finish(
    _ blockRow: Int, _ blockColumn: Int, _ arguments: ConvolutionArguments,
    _ sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let side = blockSide * (scheme == .doubling ? 2 : 1)
    let left = blockColumn * side
    let right = min(left + side, outputShape.width)
    var isFinite = true
    for row in outputRows(ofBlocks: blockRow..<blockRow + 1) {
      let offset = (row * outputShape.width + left) * outputShape.channels
      let isRowFinite = unsafe kernels.epilogue(
        arguments.output + offset, pixels: right - left, channels: outputShape.channels,
        bias: arguments.bias, convolution.outputActivation, sums: sums)
      isFinite = isFinite && isRowFinite
    }
    return isFinite
  }
}
