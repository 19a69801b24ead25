/// The input of a convolution as its chunks read it: normalised, activated, padded with zeros.
struct ConvolutionInput {
  let convolution: Convolution
  let shape: TensorShape
  let kernels: Kernels

  /// Pixels of the stored input under a chunk, those of the padding included.
  struct Window {
    let rows: Range<Int>
    let columns: Range<Int>
    let channels: Int

    /// Floats of the window.
    var count: Int { rows.count * columns.count * channels }
    /// Floats from one row to the next.
    var rowStride: Int { columns.count * channels }
  }

  /// The window that the output pixels `rows` and `columns` need.
  func window(rows: Range<Int>, columns: Range<Int>) -> Window {
    // An arithmetic shift maps the padding around the doubled picture onto that around the stored one.
    let shift = convolution.upsamples ? 1 : 0
    func range(_ pixels: Range<Int>, _ before: Int) -> Range<Int> {
      let first = pixels.lowerBound * convolution.stride - before
      let last =
        (pixels.upperBound - 1) * convolution.stride - before + convolution.kernelSize - 1
      return (first >> shift)..<(last >> shift) + 1
    }
    return Window(
      rows: range(rows, convolution.padding.top), columns: range(columns, convolution.padding.left),
      channels: convolution.inChannels)
  }

  /// The stored pixels in the rows `rows` of a window.
  func pixels(inRows rows: Range<Int>) -> Range<Int> {
    let stored = rows.clamped(to: 0..<shape.height)
    return stored.lowerBound * shape.width..<stored.upperBound * shape.width
  }

  /// Copies a window of the input, normalised and activated, with zeros where the padding is.
  ///
  /// - Parameters:
  ///   - input: the stored tensor, of `shape`.
  ///   - buffer: takes `window.count` floats.
  func read(
    _ window: Window, of input: UnsafePointer<Float>, norm: NormCoefficients?,
    into buffer: UnsafeMutablePointer<Float>
  ) {
    let channels = window.channels
    let inside = window.columns.clamped(to: 0..<shape.width)
    for (index, row) in window.rows.enumerated() {
      let destination = unsafe buffer + index * window.rowStride
      guard (0..<shape.height).contains(row), !inside.isEmpty else {
        unsafe destination.update(repeating: 0, count: window.rowStride)
        continue
      }
      let before = (inside.lowerBound - window.columns.lowerBound) * channels
      let after = (window.columns.upperBound - inside.upperBound) * channels
      unsafe destination.update(repeating: 0, count: before)
      unsafe (destination + window.rowStride - after).update(repeating: 0, count: after)
      unsafe kernels.prologue(
        input + (row * shape.width + inside.lowerBound) * channels, pixels: inside.count,
        channels: channels, norm: norm, convolution.inputActivation, into: destination + before)
    }
  }
}
