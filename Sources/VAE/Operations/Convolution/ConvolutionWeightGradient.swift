/// The gradient of a convolution's weight, its numbers in the order of the stored tensor.
///
/// Inputs: the gradient of the output before its activation, and the convolution's input. Each value of a
/// kernel gets the products of the gradient's pixels with the input pixels that it multiplies, as those are
/// read.
struct ConvolutionWeightGradient: Operation {
  let convolution: Convolution

  package var parameters: [Graph.Parameter] {
    convolution.norm.map { [$0.weight, $0.bias] } ?? []
  }
  package var normalizedInputs: [Int] { convolution.norm == nil ? [] : [1] }

  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(
      height: convolution.outChannels, width: convolution.inChannels,
      channels: convolution.tapCount)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    inputs[0].count * convolution.k
  }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let kernels = request.options.kernels
    let input = ConvolutionInput(
      convolution: convolution, shape: request.inputs[1], kernels: kernels)
    return ConvolutionWeightGradientStep(
      strips: WeightGradientStrips(input: input, gradientShape: request.inputs[0]),
      norm: convolution.norm,
      normTensors: convolution.norm.map { (request[$0.weight], request[$0.bias]) })
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}

/// The gradient as it is computed: strip after strip, each packed and then multiplied on all threads.
private struct ConvolutionWeightGradientStep: ExecutionStep {
  let strips: WeightGradientStrips
  let norm: GroupNorm?
  /// Weight and bias of the norm.
  let normTensors: (weight: StoredTensor, bias: StoredTensor)?

  var name: String { strips.name }
  var multiplyAdds: Int { strips.multiplyAdds }
  var workspace: Workspace {
    Workspace(shared: strips.sharedByteCount, perWorker: strips.scratchByteCount)
  }

  var bands: BandPlan? {
    BandPlan(chunkCount: strips.count, chunksPerBand: strips.stripsPerBand) { [strips] range in
      let pixels = strips.pixels(ofStrips: range)
      return [pixels.output, pixels.input, 0..<strips.weightShape.pixelCount]
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let coefficients = norm.flatMap { norm in
      normTensors.map { weight, bias in
        context.statistics(of: 1).coefficients(
          of: norm, weight: strips.kernels.floats(of: weight),
          bias: strips.kernels.floats(of: bias))
      }
    }
    let buffers = unsafe strips.buffers(context.shared)
    try context.forEachPart { tensors, range in
      for strip in range {
        try unsafe context.forEach(0..<strips.packCount(strip)) { part, scratch in
          unsafe strips.pack(
            part, of: strip, gradient: tensors.inputs[0], input: tensors.inputs[1],
            norm: coefficients, scratch, buffers)
          return true
        }
        try unsafe context.forEach(0..<strips.productCount) { product, scratch in
          unsafe strips.multiply(product, of: strip, scratch, buffers)
          return true
        }
      }
      guard range.upperBound == strips.count else { return }
      try unsafe context.forEach(0..<strips.weightShape.height) { output, scratch in
        unsafe strips.store(output, scratch, buffers, into: tensors.output)
      }
    }
    return nil
  }
}
