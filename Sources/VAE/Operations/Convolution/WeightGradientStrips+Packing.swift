extension WeightGradientStrips {
  /// Rows of the gradient, and rows of the input.
  func packCount(_ strip: Int) -> Int {
    let rows = grid[strip].rows.count
    return rows * scale + (rows + margin) * step
  }

  func pack(
    _ part: Int, of strip: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    norm: NormCoefficients?, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer
  ) {
    let (chunk, buffers) = (grid[strip], unsafe buffers(shared))
    let gradientRows = chunk.rows.count * scale
    if part < gradientRows {
      unsafe packGradient(row: part, chunk, gradient, buffers)
    } else {
      unsafe packInput(
        row: part - gradientRows, chunk, input, norm,
        scratch.assumingMemoryBound(to: Float.self), buffers)
    }
  }

  private func packGradient(
    row: Int, _ chunk: ChunkGrid.Chunk, _ gradient: UnsafePointer<Float>, _ buffers: Buffers
  ) {
    // The pixels of all phases of a row stand side by side.
    let channels = convolution.outChannels * scale
    let (pitch, columns) = (chunk.columns.count + margin, chunk.columns.count)
    let first =
      (chunk.rows.lowerBound * scale + row) * gradientShape.width
      + chunk.columns.lowerBound * scale
    let destination =
      unsafe buffers.gradient + row % scale * channels * gradientStride + row / scale * pitch
    unsafe turning.packRows(
      gradient + first * convolution.outChannels, rows: columns, columns: channels,
      into: destination, stride: gradientStride)
    for channel in 0..<channels {
      unsafe (destination + channel * gradientStride + columns).update(
        repeating: 0, count: pitch - columns)
    }
  }

  /// - Parameter row: counts the rows under the strip, those of the padding included.
  private func packInput(
    row: Int, _ chunk: ChunkGrid.Chunk, _ input: UnsafePointer<Float>, _ norm: NormCoefficients?,
    _ scratch: UnsafeMutablePointer<Float>, _ buffers: Buffers
  ) {
    let (pitch, channels) = (chunk.columns.count + margin, convolution.inChannels)
    let top = chunk.rows.lowerBound * step - convolution.padding.top + row
    let left = chunk.columns.lowerBound * step - convolution.padding.left
    let window = ConvolutionInput.Window(
      rows: top..<top + 1, columns: left..<left + pitch * step, channels: channels)
    unsafe self.input.read(window, of: input, norm: norm, into: scratch)
    for phase in 0..<step {
      let place = row % step * step + phase
      let destination =
        unsafe buffers.input + place * panels * panelStride + row / step * pitch * matrix.nr
      guard step > 1 else {
        unsafe matrix.packRows(
          scratch, rows: pitch, columns: channels, into: destination, stride: panelStride)
        continue
      }
      for column in 0..<pitch {
        unsafe matrix.packRows(
          scratch + (column * step + phase) * channels, rows: 1, columns: channels,
          into: destination + column * matrix.nr, stride: panelStride)
      }
    }
  }
}
