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
      method: request.options.convolutions.weightGradientMethod(input, request.inputs[0]),
      weightShape: request.output, norm: convolution.norm,
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
  let method: any WeightGradientMethod
  let weightShape: TensorShape
  let norm: GroupNorm?
  /// Weight and bias of the norm.
  let normTensors: (weight: StoredTensor, bias: StoredTensor)?

  var name: String { method.name }
  var multiplyAdds: Int { method.multiplyAdds }
  var workspace: Workspace {
    Workspace(shared: method.sharedByteCount, perWorker: method.scratchByteCount)
  }

  var bands: BandPlan? {
    BandPlan(chunkCount: method.count, chunksPerBand: method.stripsPerBand) {
      [method, weightShape] range in
      let pixels = method.pixels(ofStrips: range)
      return [pixels.output, pixels.input, 0..<weightShape.pixelCount]
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let coefficients = norm.flatMap { norm in
      normTensors.map { weight, bias in
        context.statistics(of: 1).coefficients(
          of: norm, weight: method.kernels.floats(of: weight),
          bias: method.kernels.floats(of: bias))
      }
    }
    try context.forEachPart { tensors, range in
      for strip in range {
        try unsafe context.forEach(0..<method.packCount(strip)) { part, scratch in
          unsafe method.pack(
            part, of: strip, gradient: tensors.inputs[0], input: tensors.inputs[1],
            norm: coefficients, scratch, context.shared)
          return true
        }
        try unsafe context.forEach(0..<method.productCount) { product, scratch in
          unsafe method.multiply(product, of: strip, scratch, context.shared)
          return true
        }
      }
      guard range.upperBound == method.count else { return }
      try unsafe context.forEach(0..<weightShape.height) { output, scratch in
        unsafe method.store(output, scratch, context.shared, into: tensors.output)
      }
    }
    return nil
  }
}
