extension WeightGradientStrips {
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
