/// 1x1 convolution: the pixels are the rows of a matrix that is multiplied with the weights in panels.
struct PointwiseConvolution: ConvolutionMethod {
  let input: ConvolutionInput
  let outputShape: TensorShape

  /// Pixels of a tile: their input and their products stay in the cache. A multiple of what the
  /// multiplication takes at a time.
  private static let pixelsPerTile = 96

  var weightLayout: WeightLayout { .panels }
  var tileCount: Int {
    (outputShape.pixelCount + Self.pixelsPerTile - 1) / Self.pixelsPerTile
  }
  private var convolution: Convolution { input.convolution }
  private var kernels: Kernels { input.kernels }
  private var panels: Int { (outputShape.channels + kernels.panel - 1) / kernels.panel }

  /// Whether `convolution` is one that this method computes, and faster than the plain one.
  static func suits(_ convolution: Convolution) -> Bool {
    convolution.kernelSize == 1 && convolution.stride == 1 && !convolution.upsamples
      && convolution.padding == .all(0)
      && min(convolution.inChannels, convolution.outChannels) >= 16
  }

  var scratchFloatCount: Int {
    Self.pixelsPerTile * (convolution.inChannels + panels * kernels.panel)
  }

  func run(
    tile index: Int, _ arguments: ConvolutionArguments, scratch: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    let first = index * Self.pixelsPerTile
    let pixels = min(Self.pixelsPerTile, outputShape.pixelCount - first)
    let (inputs, outputs) = (convolution.inChannels, outputShape.channels)
    let products = unsafe scratch + Self.pixelsPerTile * inputs
    unsafe kernels.prologue(
      arguments.input + first * inputs, pixels: pixels, channels: inputs, norm: arguments.norm,
      convolution.inputActivation, into: scratch)
    unsafe kernels.multiplyPanels(
      scratch, rowStride: inputs, count: pixels, channels: inputs, arguments.weight,
      panels: panels, into: products, stride: panels * kernels.panel)
    let output = unsafe arguments.output + first * outputs
    if let residual = unsafe arguments.residual, unsafe residual != arguments.output {
      unsafe output.update(from: residual + first * outputs, count: pixels * outputs)
    }
    unsafe kernels.storeRows(
      products, rows: pixels, columns: outputs, sourceStride: panels * kernels.panel,
      into: output, accumulating: arguments.residual != nil)
    return unsafe kernels.epilogue(
      output, pixels: pixels, channels: outputs, bias: arguments.bias,
      convolution.outputActivation, sums: sums)
  }
}
