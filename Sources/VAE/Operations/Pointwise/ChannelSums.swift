/// The sums of a tensor's channels over its pixels, `[channels, 1, 1]`: the gradient of a bias.
struct ChannelSums: Operation {
  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(height: 1, width: 1, channels: inputs[0].channels)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { inputs[0].count }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    ChannelSumsStep(shape: request.inputs[0], kernels: request.options.kernels)
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}

/// The sums as they are made: each chunk has totals of its own, which are added up in order.
private struct ChannelSumsStep: ExecutionStep {
  let shape: TensorShape
  let kernels: Kernels

  var name: String { "sums" }
  var multiplyAdds: Int { shape.count }

  var workspace: Workspace {
    Workspace(shared: PixelChunks(shape).count * shape.channels * MemoryLayout<Double>.stride)
  }

  var bands: BandPlan? {
    let chunks = PixelChunks(shape)
    return BandPlan(chunkCount: chunks.count, chunksPerBand: 1) { [chunks.pixels(of: $0), 0..<1] }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let (chunks, channels) = (PixelChunks(shape), shape.channels)
    let sums = unsafe context.shared.assumingMemoryBound(to: Double.self)
    unsafe sums.update(repeating: 0, count: chunks.count * channels)
    try context.forEachPart { tensors, range in
      try unsafe context.forEach(range) { chunk, _ in
        let pixels = chunks.pixels(of: chunk..<chunk + 1)
        unsafe kernels.channelSums(
          tensors.inputs[0] + pixels.lowerBound * channels, pixels: pixels.count,
          channels: channels, into: sums + chunk * channels)
        return true
      }
      guard range.upperBound == chunks.count else { return }
      let totals = (0..<channels).map { channel in
        (0..<chunks.count).reduce(0) { unsafe $0 + sums[$1 * channels + channel] }
      }
      try unsafe context.writeFinite(totals.map(Float.init), to: tensors.output)
    }
    return nil
  }
}

extension StepContext {
  /// Writes the few values of an output.
  ///
  /// - Throws: `NonFiniteActivation`.
  func writeFinite(_ values: [Float], to output: UnsafeMutablePointer<Float>) throws {
    guard values.allSatisfy(\.isFinite) else { throw NonFiniteActivation(layer: layer) }
    for (index, value) in values.enumerated() { unsafe output[index] = value }
  }
}
