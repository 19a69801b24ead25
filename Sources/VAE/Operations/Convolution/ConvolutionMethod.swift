/// A way to compute a convolution, tile by tile: each tile by one thread, in any order.
///
/// How the output is cut depends on the layer's shape alone, because the order of sums follows from
/// it.
protocol ConvolutionMethod {
  /// What measurements call it.
  var name: String { get }
  /// The number of tiles.
  var tileCount: Int { get }
  /// Floats of scratch memory that a worker needs.
  var scratchFloatCount: Int { get }
  /// The form of the weights that `run` reads.
  var weightLayout: WeightLayout { get }
  /// Multiply-adds that the method does.
  var multiplyAdds: Int { get }
  /// Tiles of a band. Bands follow each other in memory: all tiles of some rows, or some of a long row.
  var tilesPerBand: Int { get }
  /// Where the tiles write over their input, the ranges of tiles that may run at the same time, in
  /// order; nil if they cannot.
  var inPlaceBatches: [Range<Int>]? { get }

  /// The pixels of the input and of the output under whole bands.
  func pixels(ofTiles tiles: Range<Int>) -> BandPixels

  /// Computes tile `index` of the output.
  ///
  /// - Parameters:
  ///   - scratch: `scratchFloatCount` floats that nobody else uses meanwhile.
  ///   - sums: the tile's 2 · outChannels totals for the next norm, or nil if nobody wants them.
  /// - Returns: false if a value of the tile is NaN or infinite.
  func run(
    tile index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool
}

extension ConvolutionMethod {
  var inPlaceBatches: [Range<Int>]? { nil }
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
/// The pointers are to the first pixel of the whole tensor, of which only the pixels under the tiles
/// that run need to be there.
@safe struct ConvolutionArguments {
  let input: UnsafePointer<Float>
  /// Added to the result; may be where the output goes.
  let residual: UnsafePointer<Float>?
  let output: UnsafeMutablePointer<Float>
  /// In the layout of the method.
  let weight: UnsafePointer<Float>
  /// `[outChannels]`.
  let bias: UnsafePointer<Float>?
  let norm: NormCoefficients?
}

/// The forms of a convolution's weights.
enum WeightLayout: Equatable {
  /// `[outChannels, kernelSize, kernelSize, inChannels]`.
  case columns
  /// `[panels, kernelSize, kernelSize, inChannels, panel]`: output channels in panels.
  case panels
  /// `[phases, taps, panels, depth, panel]`: the taps of the kernels of each phase of the output,
  /// output channels in panels, the input channels of all phases of the input.
  case winograd(WinogradScheme)
}

/// Which ways to compute convolutions may be taken.
package enum ConvolutionChoice: String, CaseIterable, Sendable {
  /// The fastest that suits a layer.
  case auto
  /// Tiled im2col for all layers: the plain path that the others are held against.
  case im2col

  /// The method for `convolution` from `inputShape` to `outputShape`.
  func method(
    for convolution: Convolution, _ inputShape: TensorShape, _ outputShape: TensorShape,
    _ kernels: Kernels
  ) -> any ConvolutionMethod {
    let input = ConvolutionInput(convolution: convolution, shape: inputShape, kernels: kernels)
    if self == .auto,
      let scheme = WinogradConvolution.scheme(for: convolution, outputShape: outputShape)
    {
      return WinogradConvolution(input: input, outputShape: outputShape, scheme: scheme)
    }
    if self == .auto, let direct = DirectConvolution(convolution, inputShape, outputShape, kernels)
    {
      return direct
    }
    return ColumnConvolution(input: input, outputShape: outputShape)
  }
}
