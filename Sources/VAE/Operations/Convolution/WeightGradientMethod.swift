/// A way to compute the gradient of a convolution's weight: strips of pixels one after the other, each
/// packed and then multiplied, the products added to those of the strips before it.
///
/// How pixels are cut depends on shapes alone, because the order of sums follows from it.
protocol WeightGradientMethod: Sendable {
  var input: ConvolutionInput { get }
  /// What measurements call it.
  var name: String { get }
  /// Multiply-adds that it does.
  var multiplyAdds: Int { get }
  /// Strips of the whole gradient.
  var count: Int { get }
  /// Strips of a band; see `BandPlan`.
  var stripsPerBand: Int { get }
  /// Products of a strip, which may be computed at the same time.
  var productCount: Int { get }
  /// Bytes that all workers share.
  var sharedByteCount: Int { get }
  /// Bytes that a worker needs.
  var scratchByteCount: Int { get }

  /// The pixels of the input and of the gradient under whole bands.
  func pixels(ofStrips strips: Range<Int>) -> BandPixels

  /// Parts of a strip that are packed apart, at the same time.
  func packCount(_ strip: Int) -> Int

  /// Packs a part of a strip.
  func pack(
    _ part: Int, of strip: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    norm: NormCoefficients?, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer)

  /// Adds a product of a strip to the totals.
  func multiply(
    _ product: Int, of strip: Int, _ scratch: UnsafeMutableRawPointer,
    _ shared: UnsafeMutableRawPointer)

  /// Writes the gradient of an output channel's weight.
  ///
  /// - Returns: whether it is finite.
  func store(
    _ output: Int, _ scratch: UnsafeMutableRawPointer, _ shared: UnsafeMutableRawPointer,
    into destination: UnsafeMutablePointer<Float>
  ) -> Bool
}

extension WeightGradientMethod {
  var kernels: Kernels { input.kernels }
  var convolution: Convolution { input.convolution }

  /// The pixels of the input under rows of the gradient, and those rows.
  func bandPixels(gradientRows rows: Range<Int>, of shape: TensorShape) -> BandPixels {
    BandPixels(
      input: input.pixels(inRows: input.window(rows: rows, columns: 0..<1).rows),
      output: rows.lowerBound * shape.width..<rows.upperBound * shape.width)
  }

  /// Writes the gradient of an output channel's weight, whose values are `[values of a kernel, inChannels]`.
  ///
  /// - Returns: whether it is finite.
  func store(
    _ output: Int, _ values: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    let weight = unsafe destination + output * convolution.k
    unsafe kernels.permuteKernel(
      values, channels: convolution.tapCount, taps: convolution.inChannels, into: weight)
    return unsafe kernels.epilogue(
      weight, pixels: 1, channels: convolution.k, bias: nil, .identity, sums: nil)
  }
}

extension ConvolutionChoice {
  /// The method for the weight of the convolution of `input`, whose output's gradient is of `shape`.
  func weightGradientMethod(
    _ input: ConvolutionInput, _ shape: TensorShape
  ) -> any WeightGradientMethod {
    if self == .auto, let columns = WeightGradientColumns(input: input, gradientShape: shape) {
      return columns
    }
    if self == .auto, let tiles = WeightGradientTiles(input: input, gradientShape: shape) {
      return tiles
    }
    return WeightGradientStrips(input: input, gradientShape: shape)
  }
}
