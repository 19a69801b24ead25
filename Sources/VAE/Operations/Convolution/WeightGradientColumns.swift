/// The gradient of a convolution's weight where pixels are few: the transposed gradient times a column
/// matrix, the input pixels under all values of a kernel side by side.
///
/// All pixels are one strip, and each product is written once; the column matrix is small beside the weight.
struct WeightGradientColumns: WeightGradientMethod {
  let input: ConvolutionInput
  private let gradientShape: TensorShape
  private let matrix: MatrixKernel
  /// One for each panel of the column matrix.
  let productCount: Int

  private static let maximumPixels = 64

  /// The method for `input` and a gradient of `gradientShape`; nil where another is better.
  init?(input: ConvolutionInput, gradientShape: TensorShape) {
    guard gradientShape.pixelCount <= Self.maximumPixels, !input.convolution.upsamples else {
      return nil
    }
    self.input = input
    self.gradientShape = gradientShape
    matrix = input.kernels.matrixKernel(.f32)
    productCount = matrix.panels(columns: input.convolution.k)
  }

  var name: String { "columns" }
  var multiplyAdds: Int { gradientShape.count * convolution.k }
  var count: Int { 1 }
  var stripsPerBand: Int { 1 }

  func pixels(ofStrips strips: Range<Int>) -> BandPixels {
    bandPixels(gradientRows: 0..<gradientShape.height, of: gradientShape)
  }

  // MARK: Places

  private var panelStride: Int { matrix.panelStride(k: gradientShape.pixelCount) }
  /// Floats from one output channel's totals to the next.
  private var totalStride: Int { productCount * matrix.nr }
  // A multiplication takes whole blocks of output channels.
  private var totalCount: Int {
    convolution.outChannels.roundedUp(toMultipleOf: matrix.mr) * totalStride
  }
  private var gradientCount: Int {
    (gradientShape.count + matrix.mr).roundedUp(toMultipleOf: 16)
  }

  /// What workers share: totals, `[outChannels, values of a kernel, inChannels]`; the gradient; the
  /// column matrix.
  @safe private struct Buffers {
    let totals: UnsafeMutablePointer<Float>
    let gradient: UnsafeMutablePointer<Float>
    let columns: UnsafeMutablePointer<Float>
  }

  private func buffers(_ shared: UnsafeMutableRawPointer) -> Buffers {
    let totals = unsafe shared.assumingMemoryBound(to: Float.self)
    return unsafe Buffers(
      totals: totals, gradient: totals + totalCount, columns: totals + totalCount + gradientCount)
  }

  var sharedByteCount: Int {
    (totalCount + gradientCount + productCount * panelStride) * MemoryLayout<Float>.stride
  }

  /// The input under a row of pixels, and a row of the column matrix.
  var scratchByteCount: Int { (window(row: 0).count + convolution.k) * MemoryLayout<Float>.stride }

  private func window(row: Int) -> ConvolutionInput.Window {
    input.window(rows: row..<row + 1, columns: 0..<gradientShape.width)
  }

  // MARK: Steps

  /// Each row of pixels, and the gradient.
  func packCount(_ strip: Int) -> Int { gradientShape.height + 1 }

  func pack(
    _ part: Int, of strip: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    norm: NormCoefficients?, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer
  ) {
    let buffers = unsafe buffers(shared)
    guard part < gradientShape.height else {
      unsafe buffers.gradient.update(from: gradient, count: gradientShape.count)
      return
    }
    let window = window(row: part)
    let pixels = unsafe scratch.assumingMemoryBound(to: Float.self)
    unsafe self.input.read(window, of: input, norm: norm, into: pixels)
    let row = unsafe pixels + window.count
    let count = convolution.kernelSize * convolution.inChannels
    for column in 0..<gradientShape.width {
      let first = unsafe pixels + column * convolution.stride * convolution.inChannels
      for kernelRow in 0..<convolution.kernelSize {
        unsafe (row + kernelRow * count).update(
          from: first + kernelRow * window.rowStride, count: count)
      }
      unsafe matrix.packRows(
        row, rows: 1, columns: convolution.k,
        into: buffers.columns + (part * gradientShape.width + column) * matrix.nr,
        stride: panelStride)
    }
  }

  func multiply(
    _ product: Int, of strip: Int, _ scratch: UnsafeMutableRawPointer,
    _ shared: UnsafeMutableRawPointer
  ) {
    let (buffers, channels) = (unsafe buffers(shared), convolution.outChannels)
    unsafe matrix.multiplyTurned(
      .init(
        start: buffers.gradient, stride: channels, count: channels, k: gradientShape.pixelCount),
      .init(start: buffers.columns + product * panelStride, stride: panelStride, count: 1),
      into: buffers.totals + product * matrix.nr, stride: totalStride)
  }

  func store(
    _ output: Int, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer,
    into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    unsafe store(output, buffers(shared).totals + output * totalStride, into: destination)
  }
}
