@testable import VAE

/// A convolution with its tensors, and the same computed directly in f64.
struct ConvolutionProblem {
  let convolution: Convolution
  /// `[height, width, inChannels]`.
  let input: [Float]
  let inputShape: TensorShape
  /// `[outChannels, inChannels, kernelSize, kernelSize]`.
  let weight: [Float]
  let bias: [Float]?
  /// `[outputHeight, outputWidth, outChannels]`.
  let residual: [Float]?
  let norm: NormCoefficients?

  var outputShape: TensorShape { convolution.outputShape(of: [inputShape]) }

  /// The exact output, and the largest |a · b| that went into each value.
  func direct_slow() -> (values: [Double], largestProduct: Double) {
    let activated = activatedInput_slow()
    let shape = outputShape
    var values: [Double] = []
    values.reserveCapacity(shape.count)
    var largest = 0.0
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        for output in 0..<shape.channels {
          var sum = bias.map { Double($0[output]) } ?? 0
          sum += residual.map { Double($0[values.count]) } ?? 0
          largest = max(largest, abs(sum))
          addTaps_slow(y, x, output, activated) { product in
            sum += product
            largest = max(largest, abs(product))
          }
          values.append(activate_slow(convolution.outputActivation, sum))
        }
      }
    }
    return (values, largest)
  }

  private func addTaps_slow(
    _ y: Int, _ x: Int, _ output: Int, _ activated: [Double], _ add: (Double) -> Void
  ) {
    let size = convolution.kernelSize
    let scale = convolution.upsamples ? 2 : 1
    let channels = convolution.inChannels
    for row in 0..<size {
      for column in 0..<size {
        let sourceY = y * convolution.stride + row - convolution.padding.top
        let sourceX = x * convolution.stride + column - convolution.padding.left
        guard (0..<inputShape.height * scale).contains(sourceY),
          (0..<inputShape.width * scale).contains(sourceX)
        else { continue }
        let pixel = sourceY / scale * inputShape.width + sourceX / scale
        for channel in 0..<channels {
          let factor = weight[((output * channels + channel) * size + row) * size + column]
          add(activated[pixel * channels + channel] * Double(factor))
        }
      }
    }
  }

  private func activatedInput_slow() -> [Double] {
    input.enumerated().map { index, value in
      var normalised = Double(value)
      if let norm {
        let channel = index % convolution.inChannels
        normalised = normalised * Double(norm.scale[channel]) + Double(norm.shift[channel])
      }
      return activate_slow(convolution.inputActivation, normalised)
    }
  }

  private func activate_slow(_ activation: Activation, _ value: Double) -> Double {
    ActivationOracle.all.first { $0.activation == activation }?.function(value) ?? .nan
  }
}
