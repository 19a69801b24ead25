/// 3x3 convolution by Winograd's minimal filtering: a quarter of the multiplications, or fewer.
///
/// A chunk is a rectangle of tiles of m x m output pixels. The input under each chunk is transformed to
/// (m + r - 1)² points; each point is a matrix [tiles, channels] that is multiplied with the transformed
/// weights, and the products are transformed back. The transform writes what the multiplication reads, in
/// memory that one thread keeps in its cache.
struct WinogradConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape
  let scheme: WinogradScheme
  let matrix: MatrixKernel

  var name: String {
    switch scheme {
    case .plain(.f6x3): "F(6x6,3x3)"
    case .plain: "F(4x4,3x3)"
    case .upsampled, .spread: "4 F(4x4,2x2)"
    case .strided: "F(4x4,2x2)/2"
    }
  }
  var weightForm: any WeightForm {
    WinogradWeights(scheme: scheme, matrix: matrix, kernels: kernels)
  }
  var chunkCount: Int { chunks.count }
  var multiplyAdds: Int {
    let phases = (0..<form.pointCount).reduce(0) { $0 + scheme.phases(atPoint: $1).count }
    return grid.pixelCount * scheme.outputPhases.count * phases * convolution.inChannels
      * outputShape.channels
  }
  var chunksPerBand: Int { chunks.chunksAcross }
  private var convolution: Convolution { input.convolution }
  private var kernels: Kernels { input.kernels }
  private var form: WinogradForm { scheme.form }
  private var tileSide: Int { form.tileSide }

  /// The way to compute `convolution`, or nil if the plain one is better.
  static func scheme(
    for convolution: Convolution, outputShape: TensorShape
  ) -> WinogradScheme? {
    guard convolution.kernelSize >= 3,
      min(convolution.inChannels, convolution.outChannels) >= 16
    else { return nil }
    // Transforming the weights of a wide layer takes longer than what it saves in a small picture.
    let isWide = convolution.inChannels * convolution.outChannels >= 256 * 256
    if isWide, outputShape.pixelCount < 512 { return nil }
    // For a single tile each of the transformed weights is read once, and there are four times as many.
    if convolution.inChannels * convolution.outChannels >= 32 * 32, outputShape.pixelCount <= 16,
      !convolution.upsamples
    {
      return nil
    }
    let padding = convolution.padding
    switch (convolution.upsampling, convolution.stride) {
    case (.nearest, 1): return padding == .all(1) ? .upsampled : nil
    case (.zeros, 1):
      let isKnown = (1...2).contains(padding.top) && (1...2).contains(padding.left)
      return isKnown ? .spread(top: padding.top, left: padding.left) : nil
    case (.none, 2):
      // It has four times the weights to transform.
      return isWide && outputShape.pixelCount < 128 * 128
        ? nil : .strided(kernelSize: convolution.kernelSize)
    case (.none, 1):
      // F(6x6, 3x3) has fewer products but almost twice the weights to transform and more pixels
      // beyond the edges: it pays from 128 x 128 pixels.
      return .plain(outputShape.pixelCount >= 128 * 128 ? .f6x3 : .f4x3)
    default: return nil
    }
  }

  /// Pixels of the output from one of a phase to the next.
  private var scale: Int { scheme.isDoubling ? 2 : 1 }

  /// Pixels of the output in a phase.
  private func shape(of phase: WinogradScheme.Phase) -> TensorShape {
    TensorShape(
      height: (outputShape.height - phase.row).dividedRoundingUp(by: scale),
      width: (outputShape.width - phase.column).dividedRoundingUp(by: scale),
      channels: outputShape.channels)
  }

  /// The tiles of a phase, which has no more pixels than the first.
  private var grid: TensorShape {
    let phase = shape(of: scheme.outputPhases[0])
    return TensorShape(
      height: phase.height.dividedRoundingUp(by: tileSide),
      width: phase.width.dividedRoundingUp(by: tileSide), channels: outputShape.channels)
  }

  /// How the grid of tiles is cut.
  private var chunks: ChunkGrid {
    // Few enough tiles that the points of narrow layers stay in the cache; enough of them in wide
    // layers that reading the kernels, which do not, is a small part of the work. About square, so
    // that little of the input is read twice; multiples of what the multiplication takes at a time.
    let tiles = convolution.inChannels + outputShape.channels > 512 ? 72 : 24
    let columns = min(grid.width, max(8, tiles / grid.height))
    return ChunkGrid(output: grid, rowsPerChunk: tiles / columns, columnsPerChunk: columns)
  }

  /// The places of a chunk's data in the scratch memory, in floats.
  private struct Layout {
    /// From one tile's input values of a point to the next tile's.
    let inputStride: Int
    /// From one tile's products of a point to the next tile's.
    let productStride: Int
    let inputPointStride: Int
    let productPointStride: Int
    let inputOffset: Int
    let productOffset: Int
    let count: Int

    init(_ method: WinogradConvolution, tiles: Int, windowCount: Int) {
      let (kernels, matrix) = (method.kernels, method.matrix)
      let rows = tiles.roundedUp(toMultipleOf: matrix.mr)
      // The transform of the last phase writes whole vectors.
      inputStride = (method.k + kernels.lanes - 1).roundedUp(toMultipleOf: kernels.lanes)
      productStride = matrix.panels(columns: method.outputShape.channels) * matrix.nr
      // A line more than the values keeps the points from falling onto the same cache sets.
      inputPointStride = rows * inputStride + 16
      productPointStride = rows * productStride + 16
      // Vectors read past the last channel of the window's last pixel.
      inputOffset = (windowCount + kernels.lanes).roundedUp(toMultipleOf: 16)
      productOffset = inputOffset + method.form.pointCount * inputPointStride
      count = productOffset + method.form.pointCount * productPointStride
    }
  }

  /// Channels of a tile's input, those of all phases together.
  private var k: Int { scheme.k(of: convolution) }

  var scratchByteCount: Int {
    let largest = chunks[0]
    return Layout(self, tiles: largest.pixelCount, windowCount: window(of: largest).count).count
      * MemoryLayout<Float>.stride
  }

  /// The input of whole tiles, whether their pixels are all in the picture or not.
  private func window(of chunk: ChunkGrid.Chunk) -> ConvolutionInput.Window {
    func range(_ tiles: Range<Int>, _ padding: Int) -> Range<Int> {
      let (first, last) = (tiles.lowerBound * tileSide, tiles.upperBound * tileSide)
      return switch scheme {
      case .plain: first - padding..<last - padding + 2
      case .upsampled, .spread: first - 1..<last + 1
      case .strided: 2 * first - padding..<2 * last - padding + 2
      }
    }
    return ConvolutionInput.Window(
      rows: range(chunk.rows, convolution.padding.top),
      columns: range(chunk.columns, convolution.padding.left), channels: convolution.inChannels)
  }

  func pixels(ofChunks range: Range<Int>) -> BandPixels {
    let tiles = chunks.rows(ofChunks: range)
    return bandPixels(
      windowRows: window(of: .init(rows: tiles, columns: 0..<1)).rows,
      outputRows: outputRows(ofTiles: tiles))
  }

  /// The rows of the output under rows of tiles.
  private func outputRows(ofTiles tiles: Range<Int>) -> Range<Int> {
    let side = tileSide * scale
    return tiles.lowerBound * side..<min(tiles.upperBound * side, outputShape.height)
  }

  func run(
    chunk index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutableRawPointer,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let scratch = unsafe scratch.assumingMemoryBound(to: Float.self)
    let chunk = chunks[index]
    let window = window(of: chunk)
    let layout = Layout(self, tiles: chunk.pixelCount, windowCount: window.count)
    unsafe input.read(window, of: arguments.input, norm: arguments.norm, into: scratch)
    var isFinite = true
    for (number, phase) in scheme.outputPhases.enumerated() {
      for (part, inputPhase) in scheme.inputPhases.enumerated() {
        let phase = scheme.isStrided ? inputPhase : phase
        unsafe transformInput(
          chunk, window, layout, phase, scratch, channelOffset: part * convolution.inChannels)
      }
      unsafe multiply(chunk, arguments, layout, scratch, phase: number)
      unsafe transformOutput(chunk, arguments, layout, phase, scratch) { row, column in
        guard number == scheme.outputPhases.count - 1 else { return }
        let isTileFinite = unsafe finish(row, column, arguments, sums)
        isFinite = isFinite && isTileFinite
      }
    }
    return isFinite
  }

  /// - Parameter phase: the first pixel of the tiles in the window.
  private func transformInput(
    _ chunk: ChunkGrid.Chunk, _ window: ConvolutionInput.Window, _ layout: Layout,
    _ phase: WinogradScheme.Phase, _ scratch: UnsafeMutablePointer<Float>, channelOffset: Int
  ) {
    let step = scheme.isStrided ? 2 : 1
    let strides = Kernels.PixelStrides(
      row: step * window.rowStride, pixel: step * window.channels)
    let source = unsafe scratch + phase.row * window.rowStride + phase.column * window.channels
    let destination = unsafe scratch + layout.inputOffset + channelOffset
    for row in 0..<chunk.rows.count {
      unsafe kernels.winogradInput(
        form, source + row * tileSide * strides.row, strides, tiles: chunk.columns.count,
        channels: window.channels,
        into: destination + row * chunk.columns.count * layout.inputStride,
        pointStride: layout.inputPointStride, tileStride: layout.inputStride)
    }
  }

  private func multiply(
    _ chunk: ChunkGrid.Chunk, _ arguments: ConvolutionArguments, _ layout: Layout,
    _ scratch: UnsafeMutablePointer<Float>, phase: Int
  ) {
    let form = WinogradWeights(scheme: scheme, matrix: matrix, kernels: kernels)
    let pointStride = form.pointStride(convolution)
    let panelStride = matrix.panelStride(k: k)
    for point in 0..<scheme.form.pointCount {
      let phases = scheme.phases(atPoint: point)
      let first = phases.lowerBound * convolution.inChannels
      let place = (phase * scheme.form.pointCount + point) * pointStride + first * matrix.nr
      unsafe matrix.multiply(
        .init(
          start: scratch + layout.inputOffset + point * layout.inputPointStride + first,
          stride: layout.inputStride, count: chunk.pixelCount,
          k: phases.count * convolution.inChannels),
        .init(
          start: arguments.weight + place * matrix.rightByteCount,
          stride: panelStride, count: layout.productStride / matrix.nr),
        into: scratch + layout.productOffset + point * layout.productPointStride,
        stride: layout.productStride)
    }
  }

  /// - Parameter body: called after each tile, with its row and column in the grid.
  private func transformOutput(
    _ chunk: ChunkGrid.Chunk, _ arguments: ConvolutionArguments, _ layout: Layout,
    _ phase: WinogradScheme.Phase, _ scratch: UnsafeMutablePointer<Float>,
    _ body: (_ row: Int, _ column: Int) -> Void
  ) {
    let phaseShape = shape(of: phase)
    let strides = Kernels.PixelStrides(
      row: scale * outputShape.width * outputShape.channels, pixel: scale * outputShape.channels)
    var products = unsafe scratch + layout.productOffset
    for tileRow in chunk.rows {
      let y = tileRow * tileSide
      for tileColumn in chunk.columns {
        let x = tileColumn * tileSide
        let pixel = (y * scale + phase.row) * outputShape.width + x * scale + phase.column
        let offset = pixel * outputShape.channels
        unsafe kernels.winogradOutput(
          form, products, pointStride: layout.productPointStride, outputs: outputShape.channels,
          rows: min(tileSide, phaseShape.height - y),
          columns: min(tileSide, phaseShape.width - x),
          residual: arguments.residual.map { unsafe $0 + offset },
          into: arguments.output + offset, strides)
        unsafe products += layout.productStride
        body(tileRow, tileColumn)
      }
    }
  }

  /// Adds the bias to the pixels of a tile while they are in the cache, and what else is done to
  /// an output.
  private func finish(
    _ tileRow: Int, _ tileColumn: Int, _ arguments: ConvolutionArguments,
    _ sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let side = tileSide * scale
    let left = tileColumn * side
    let right = min(left + side, outputShape.width)
    var isFinite = true
    for row in outputRows(ofTiles: tileRow..<tileRow + 1) {
      let offset = (row * outputShape.width + left) * outputShape.channels
      let isRowFinite = unsafe kernels.epilogue(
        arguments.output + offset, pixels: right - left, channels: outputShape.channels,
        bias: arguments.bias, convolution.outputActivation, sums: sums)
      isFinite = isFinite && isRowFinite
    }
    return isFinite
  }
}
