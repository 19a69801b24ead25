/// A way to compute a convolution, chunk by chunk: each chunk by one thread, in any order.
///
/// How the output is cut depends on the layer's shape alone, because the order of sums follows from
/// it.
protocol ConvolutionMethod: Sendable {
  var input: ConvolutionInput { get }
  var outputShape: TensorShape { get }
  /// What measurements call it.
  var name: String { get }
  var chunkCount: Int { get }
  /// Bytes of scratch memory that a worker needs.
  var scratchByteCount: Int { get }
  /// The form of the weights that `run` reads.
  var weightForm: any WeightForm { get }
  /// Multiply-adds that the method does.
  var multiplyAdds: Int { get }
  /// Chunks of a band; see `BandPlan`.
  var chunksPerBand: Int { get }
  /// Where the chunks write over their input, the ranges of chunks that may run at the same time, in
  /// order; nil if they cannot.
  var inPlaceBatches: [Range<Int>]? { get }

  /// The pixels of the input and of the output under whole bands.
  func pixels(ofChunks chunks: Range<Int>) -> BandPixels

  /// Computes chunk `index` of the output.
  ///
  /// - Parameters:
  ///   - scratch: `scratchByteCount` bytes that nobody else uses meanwhile.
  ///   - sums: the chunk's 2 · outChannels totals for the next norm, or nil if nobody wants them.
  /// - Returns: false if a value of the chunk is NaN or infinite.
  func run(
    chunk index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutableRawPointer,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool
}

extension ConvolutionMethod {
  var inPlaceBatches: [Range<Int>]? { nil }

  /// The pixels in rows of the output, and those in the rows of a window that they are computed from.
  func bandPixels(windowRows: Range<Int>, outputRows: Range<Int>) -> BandPixels {
    BandPixels(
      input: input.pixels(inRows: windowRows),
      output: outputRows.lowerBound * outputShape.width..<outputRows.upperBound * outputShape.width)
  }

  /// The pixels in rows of the output, and those that no more than these rows are computed from.
  func bandPixels(outputRows: Range<Int>) -> BandPixels {
    bandPixels(
      windowRows: input.window(rows: outputRows, columns: 0..<1).rows, outputRows: outputRows)
  }
}

/// The pixels under a band, in reading order.
struct BandPixels: Equatable {
  /// Pixels of the input that the band reads.
  let input: Range<Int>
  /// Pixels of the output that the band writes, and of the residual that it reads.
  let output: Range<Int>
}

/// The tensors and parameters of one run of a convolution.
///
/// The pointers are to the first pixel of the whole tensor, of which only the pixels under the chunks
/// that run need to be there.
@safe struct ConvolutionArguments {
  let input: UnsafePointer<Float>
  /// Added to the result; may be where the output goes.
  let residual: UnsafePointer<Float>?
  let output: UnsafeMutablePointer<Float>
  /// In the form of the method.
  let weight: UnsafeRawPointer
  /// `[outChannels]`.
  let bias: UnsafePointer<Float>?
  let norm: NormCoefficients?
}

extension ConvolutionArguments {
  /// The weights of a method that reads them as floats.
  var floatWeight: UnsafePointer<Float> { unsafe weight.assumingMemoryBound(to: Float.self) }
}

extension ConvolutionChoice {
  /// The method for `convolution` from `inputShape` to `outputShape`.
  func method(
    for convolution: Convolution, _ inputShape: TensorShape, _ outputShape: TensorShape,
    _ kernels: Kernels, _ precision: Precision
  ) -> any ConvolutionMethod {
    let input = ConvolutionInput(convolution: convolution, shape: inputShape, kernels: kernels)
    if self == .auto,
      let scheme = WinogradConvolution.scheme(for: convolution, outputShape: outputShape)
    {
      return WinogradConvolution(
        input: input, outputShape: outputShape, scheme: scheme,
        matrix: kernels.matrixKernel(precision))
    }
    if self == .auto, let direct = DirectConvolution(input, outputShape, precision) {
      return direct
    }
    return Im2colConvolution(input: input, outputShape: outputShape)
  }
}
