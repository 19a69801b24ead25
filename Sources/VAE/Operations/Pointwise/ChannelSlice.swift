/// Some channels of a tensor.
struct ChannelSlice: Operation {
  let channels: Range<Int>

  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(height: inputs[0].height, width: inputs[0].width, channels: channels.count)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { 0 }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let (channels, inputChannels) = (channels, request.inputs[0].channels)
    return unsafe PointwiseStep(
      name: "slice", shape: request.output, inputChannels: [inputChannels], multiplyAdds: 0
    ) { _ in
      { inputs, output, pixelCount in
        for pixel in 0..<pixelCount {
          unsafe (output + pixel * channels.count).update(
            from: inputs[0] + pixel * inputChannels + channels.lowerBound, count: channels.count)
        }
        return true
      }
    }
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}
