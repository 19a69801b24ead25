/// Some channels of a tensor.
struct ChannelSlice: Operation {
  let channels: Range<Int>

  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(height: inputs[0].height, width: inputs[0].width, channels: channels.count)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { 0 }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    ChannelSliceStep(
      channels: channels, inputChannels: request.inputs[0].channels, shape: request.output)
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}

/// The slice as it is copied.
private struct ChannelSliceStep: ExecutionStep {
  let channels: Range<Int>
  let inputChannels: Int
  let shape: TensorShape

  var name: String { "slice" }
  var multiplyAdds: Int { 0 }
  var workspace: Workspace { Workspace() }

  var bands: BandPlan? {
    let chunks = PixelChunks(shape)
    return BandPlan(chunkCount: chunks.count, chunksPerBand: 1) {
      Array(repeating: chunks.pixels(of: $0), count: 2)
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let chunks = PixelChunks(shape)
    try context.forEachPart { tensors, range in
      try unsafe context.forEach(range) { chunk, _ in
        for pixel in chunks.pixels(of: chunk..<chunk + 1) {
          unsafe (tensors.output + pixel * shape.channels).update(
            from: tensors.inputs[0] + pixel * inputChannels + channels.lowerBound,
            count: shape.channels)
        }
        return true
      }
    }
    return nil
  }
}
