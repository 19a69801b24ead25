/// A convolution as it runs: with the method that suits it, chunk by chunk.
struct ConvolutionStep: ExecutionStep {
  private let convolution: Convolution
  private let method: any ConvolutionMethod
  private let preparation: ConvolutionWeights
  /// Weight and bias of the norm on read.
  private let normTensors: (weight: StoredTensor, bias: StoredTensor)?
  private let output: TensorShape
  private let hasResidual: Bool
  private let gathersStatistics: Bool

  /// The step of `convolution` that suits `request`.
  init(_ convolution: Convolution, _ request: StepRequest) {
    let options = request.options
    self.convolution = convolution
    output = request.output
    method = options.convolutions.method(
      for: convolution, request.inputs[0], output, options.kernels, options.precision)
    preparation = ConvolutionWeights(
      convolution: convolution, weight: request[convolution.weight],
      bias: convolution.bias.map { request[$0] }, weightForm: method.weightForm,
      kernels: options.kernels)
    normTensors = convolution.norm.map { (request[$0.weight], request[$0.bias]) }
    hasResidual = request.inputs.count > 1
    gathersStatistics = request.gathersStatistics
  }

  var name: String { method.name }
  var multiplyAdds: Int { method.multiplyAdds }
  var weights: (any WeightPreparation)? { preparation }

  /// Doubles of a chunk's totals.
  private var sumCount: Int {
    TensorStatistics.chunkSumCount(chunkCount: 1, channels: convolution.outChannels)
  }

  var workspace: Workspace {
    Workspace(
      shared: gathersStatistics
        ? method.chunkCount * sumCount * MemoryLayout<Double>.stride : 0,
      perWorker: method.scratchByteCount)
  }

  /// The sum is formed where the residual lies; a method that reads each pixel before it writes there may
  /// write over its input.
  var replaceableInputs: [Int] { hasResidual ? [1] : method.inPlaceBatches == nil ? [] : [0] }

  var bands: BandPlan? {
    BandPlan(
      chunkCount: method.chunkCount, chunksPerBand: method.chunksPerBand,
      inPlaceBatches: hasResidual ? nil : method.inPlaceBatches
    ) { [method, hasResidual] chunks in
      let pixels = method.pixels(ofChunks: chunks)
      return [pixels.input] + (hasResidual ? [pixels.output] : []) + [pixels.output]
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let sums =
      unsafe gathersStatistics ? context.shared.assumingMemoryBound(to: Double.self) : nil
    unsafe sums?.update(repeating: 0, count: method.chunkCount * sumCount)
    let norm = coefficients(context)
    try context.forEachPart { tensors, chunks in
      let arguments = unsafe ConvolutionArguments(
        input: tensors.inputs[0], residual: hasResidual ? UnsafePointer(tensors.inputs[1]) : nil,
        output: tensors.output, weight: preparation.weight(in: context.weights),
        bias: preparation.bias(in: context.weights), norm: norm)
      try unsafe context.forEach(chunks) { chunk, scratch in
        unsafe method.run(
          chunk: chunk, arguments, scratch: scratch, sums: sums.map { unsafe $0 + chunk * sumCount }
        )
      }
    }
    if preparation.isInPlace { preparation.weight.release() }
    return unsafe sums.map {
      unsafe TensorStatistics(output, chunkSums: $0, chunkCount: method.chunkCount)
    }
  }

  private func coefficients(_ context: StepContext) -> NormCoefficients? {
    guard let norm = convolution.norm, let normTensors else { return nil }
    guard let statistics = context.statistics[0] else {
      preconditionFailure("the input of \(context.layer) is normalised, its writer gathers nothing")
    }
    let kernels = preparation.kernels
    return statistics.coefficients(
      of: norm, weight: kernels.floats(of: normTensors.weight),
      bias: kernels.floats(of: normTensors.bias))
  }
}
