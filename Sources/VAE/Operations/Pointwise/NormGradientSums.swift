/// The gradients of a group norm's weight and bias, side by side: `[2 · channels, 1, 1]`.
///
/// Inputs: the gradient of the output of the activation behind the norm, and x, the tensor that is
/// normalised. The statistics of the output are what the gradient of x needs to know of the whole tensor: for
/// each channel the sum of the gradient h of the norm's output, and that of h · x.
struct NormGradientSums: Operation {
  let norm: GroupNorm
  let activation: Activation

  package var parameters: [Graph.Parameter] { [norm.weight, norm.bias] }
  package var normalizedInputs: [Int] { [1] }

  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(height: 1, width: 1, channels: 2 * inputs[1].channels)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    3 * inputs[1].count
  }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    NormGradientSumsStep(
      operation: self, shape: request.inputs[1], kernels: request.options.kernels,
      weight: request[norm.weight], bias: request[norm.bias])
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}

/// The sums as they are made: each chunk has totals of its own, which are added up in order.
private struct NormGradientSumsStep: ExecutionStep {
  let operation: NormGradientSums
  let shape: TensorShape
  let kernels: Kernels
  let weight: StoredTensor
  let bias: StoredTensor

  var name: String { "sums" }
  var multiplyAdds: Int { 3 * shape.count }

  private var sumCount: Int {
    TensorStatistics.chunkSumCount(chunkCount: 1, channels: shape.channels)
  }

  var workspace: Workspace {
    Workspace(
      shared: PixelChunks(shape).count * sumCount * MemoryLayout<Double>.stride)
  }

  var bands: BandPlan? {
    let chunks = PixelChunks(shape)
    return BandPlan(chunkCount: chunks.count, chunksPerBand: 1) {
      let pixels = chunks.pixels(of: $0)
      return [pixels, pixels, 0..<1]
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let chunks = PixelChunks(shape)
    let sums = unsafe context.shared.assumingMemoryBound(to: Double.self)
    unsafe sums.update(repeating: 0, count: chunks.count * sumCount)
    let statistics = context.statistics(of: 1)
    let norm = statistics.coefficients(
      of: operation.norm, weight: kernels.floats(of: weight), bias: kernels.floats(of: bias))
    func totals() -> TensorStatistics {
      unsafe TensorStatistics(shape, chunkSums: sums, chunkCount: chunks.count)
    }
    try context.forEachPart { tensors, range in
      try unsafe context.forEach(range) { chunk, _ in
        let pixels = chunks.pixels(of: chunk..<chunk + 1)
        let offset = pixels.lowerBound * shape.channels
        unsafe kernels.gradientSums(
          tensors.inputs[0] + offset, at: tensors.inputs[1] + offset, pixels: pixels.count,
          channels: shape.channels, norm: norm, operation.activation,
          into: sums + chunk * sumCount)
        return true
      }
      guard range.upperBound == chunks.count else { return }
      let gradients = statistics.parameterGradients(of: operation.norm, sums: totals())
      try unsafe context.writeFinite(gradients, to: tensors.output)
    }
    return totals()
  }
}

extension TensorStatistics {
  /// The gradients of the weight of `norm`, Σ h x̂, and of its bias, Σ h, one after the other.
  ///
  /// - Parameter sums: of each channel, Σ h and Σ h x.
  fileprivate func parameterGradients(of norm: GroupNorm, sums: TensorStatistics) -> [Float] {
    var gradients = [Float](repeating: 0, count: 2 * channels)
    for group in 0..<norm.groups {
      let moments = moments(of: norm, group: group)
      for channel in moments.channels {
        let (h, hx) = (sums.totals[channel], sums.totals[channels + channel])
        gradients[channel] = Float((hx - moments.mean * h) * moments.inverseDeviation)
        gradients[channels + channel] = Float(h)
      }
    }
    return gradients
  }

  /// What the gradient of `norm` does to each pixel of the tensor.
  ///
  /// With x̂ = (x - mean) · r, m values a group, h the gradient of the norm's output and w its weight:
  /// dx = r · (w · h - (Σ w h + x̂ · Σ w h x̂) / m), the sums over the group.
  ///
  /// - Parameters:
  ///   - weight: one value a channel.
  ///   - bias: one value a channel.
  ///   - sums: of each channel, Σ h and Σ h x.
  func gradientCoefficients(
    of norm: GroupNorm, weight: [Float], bias: [Float], sums: TensorStatistics
  ) -> NormGradientCoefficients {
    var slope = [Float](repeating: 0, count: channels)
    var offset = slope
    for group in 0..<norm.groups {
      let moments = moments(of: norm, group: group)
      var (total, product) = (0.0, 0.0)
      for channel in moments.channels {
        let (h, hx) = (sums.totals[channel], sums.totals[channels + channel])
        total += Double(weight[channel]) * h
        product += Double(weight[channel]) * (hx - moments.mean * h) * moments.inverseDeviation
      }
      let count = Double(moments.channels.count * pixelCount)
      let factor = -moments.inverseDeviation * moments.inverseDeviation * product / count
      let constant = -moments.inverseDeviation * total / count - factor * moments.mean
      for channel in moments.channels {
        (slope[channel], offset[channel]) = (Float(factor), Float(constant))
      }
    }
    return NormGradientCoefficients(
      norm: coefficients(of: norm, weight: weight, bias: bias), slope: slope, offset: offset)
  }
}
