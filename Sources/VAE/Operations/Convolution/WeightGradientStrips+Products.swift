extension WeightGradientStrips {
  private var outputBlocks: Int {
    convolution.outChannels.dividedRoundingUp(by: Self.outputsPerProduct)
  }

  /// Those of each value of the kernels and some output channels.
  var productCount: Int { taps.count * outputBlocks }

  func multiply(
    _ product: Int, of strip: Int, _ scratch: UnsafeMutableRawPointer,
    _ shared: UnsafeMutableRawPointer
  ) {
    let buffers = unsafe buffers(shared)
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

  func store(
    _ output: Int, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer,
    into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    let (inputs, buffers) = (convolution.inChannels, unsafe buffers(shared))
    let values = unsafe scratch.assumingMemoryBound(to: Float.self)
    for value in products.indices {
      for (number, product) in products[value].enumerated() {
        unsafe kernels.storeRows(
          buffers.totals + (product * convolution.outChannels + output) * inputs, rows: 1,
          columns: inputs, sourceStride: inputs, into: values + value * inputs,
          accumulating: number > 0)
      }
    }
    return unsafe store(output, values, into: destination)
  }
}
