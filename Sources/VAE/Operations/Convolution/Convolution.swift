/// A convolution with what is done to its input as it is read and to its output as it is written.
///
/// In order: group norm, activation on read, nearest upsampling, zero padding, the convolution, bias,
/// the residual's addition, activation on write. Zeros of the padding stand outside all of the first
/// three.
struct Convolution: Operation {
  /// Zeros around a tensor.
  struct Padding: Sendable, Equatable {
    var top: Int
    var left: Int
    var bottom: Int
    var right: Int

    /// `width` zeros on all sides.
    static func all(_ width: Int) -> Padding {
      Padding(top: width, left: width, bottom: width, right: width)
    }

    /// Zeros to the right and below only, as `AutoencoderKL` pads before it halves the resolution
    /// (diffusers `Downsample2D` with `padding=0`).
    static let bottomRight = Padding(top: 0, left: 0, bottom: 1, right: 1)
  }

  /// How an input is doubled in both directions before it is padded.
  enum Upsampling: Sendable {
    /// Not at all.
    case none
    /// Each pixel becomes four.
    case nearest
    /// Zeros follow each pixel to the right and below: so the gradient of a step of two goes back.
    case zeros
  }

  /// How the kernels of a convolution are made of stored ones.
  enum KernelView: Sendable {
    /// As they are.
    case stored
    /// Turned by half a circle, input and output channels changing places: those of the gradient of the
    /// convolution that they are stored for, `[inChannels, outChannels, kernelSize, kernelSize]`.
    case rotated
    /// Rotated and folded to 4x4 from 3x3, for the gradient of a convolution that doubles its input: a stored
    /// pixel gathers what came of the four that it became.
    case rotatedAndFolded
  }

  let inChannels: Int
  let outChannels: Int
  /// Rows and columns of the kernel: 1, 3, or 4 where it is folded.
  let kernelSize: Int
  var stride = 1
  var padding: Padding
  /// How the input is doubled before it is padded.
  var upsampling = Upsampling.none
  /// The normalisation of the input.
  var norm: GroupNorm?
  /// Applied to the input after the norm.
  var inputActivation = Activation.identity
  /// Applied to the output after bias and residual.
  var outputActivation = Activation.identity
  /// How its kernels are made of those that are stored.
  var kernels = KernelView.stored
  /// `[outChannels, inChannels, kernelSize, kernelSize]`, unless `kernels` says otherwise.
  let weight: Graph.Parameter
  /// `[outChannels]`.
  let bias: Graph.Parameter?

  /// Whether the input is doubled.
  var upsamples: Bool { upsampling != .none }
  /// Values of a kernel for one input channel.
  var tapCount: Int { kernelSize * kernelSize }
  /// Whether each output pixel depends on one input pixel alone, the one in its own place.
  var isPointwise: Bool { kernelSize == 1 && stride == 1 && !upsamples && padding == .all(0) }
  /// K of the matrix product that the convolution is: multiply-adds of one output value.
  var k: Int { inChannels * tapCount }

  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    let shape = inputs[0]
    let scale = upsamples ? 2 : 1
    func extent(_ input: Int, _ before: Int, _ after: Int) -> Int {
      (input * scale + before + after - kernelSize) / stride + 1
    }
    return TensorShape(
      height: extent(shape.height, padding.top, padding.bottom),
      width: extent(shape.width, padding.left, padding.right), channels: outChannels)
  }

  package var parameters: [Graph.Parameter] {
    [weight, bias, norm?.weight, norm?.bias].compactMap(\.self)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    // Three quarters of what the kernels meet are zeros that were put between the pixels.
    output.count * k / (upsampling == .zeros ? 4 : 1)
  }

  package var normalizedInputs: [Int] { norm == nil ? [] : [0] }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    ConvolutionStep(self, request)
  }
}
