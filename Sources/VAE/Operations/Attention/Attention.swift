/// Softmax attention of one head over all pixels: softmax(q · kᵀ · scale) · v, of queries, keys and values,
/// which all have the shape of the output.
package struct Attention: Operation {
  /// Multiplies the scores: 1 / √channels in the families that there are.
  let scale: Float

  package func outputShape(of inputs: [TensorShape]) -> TensorShape { inputs[0] }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    2 * output.pixelCount * output.count
  }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let options = request.options
    return AttentionStep(
      kernel: AttentionKernel(
        tokens: request.output.pixelCount, channels: request.output.channels, scale: scale,
        kernels: options.kernels, matrix: options.kernels.matrixKernel(options.precision)),
      multiplyAdds: multiplyAdds(inputs: request.inputs, output: request.output))
  }
}

extension Attention {
  /// The gradients of queries, keys and values, which are made together and then taken apart.
  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    let name = "\(request.node.name) gradient"
    let all = graph.append(
      name, AttentionGradient(scale: scale),
      inputs: request.node.inputs + [request.node.output, request.gradient])
    let channels = graph.shape(of: request.gradient).channels
    let inputs = zip(request.isWanted, request.others).enumerated().map { index, input in
      guard input.0 else { return input.1 }
      let part = graph.append(
        "\(name) \(index)",
        ChannelSlice(channels: index * channels..<(index + 1) * channels), inputs: [all])
      return graph.appendSum("\(name) sum \(index)", part, input.1)
    }
    return OperationGradients(inputs: inputs)
  }
}

/// Attention as it runs: keys and values are packed, then blocks of queries pass over them.
struct AttentionStep: ExecutionStep {
  let kernel: AttentionKernel
  let multiplyAdds: Int

  var name: String { "attention" }
  var workspace: Workspace {
    Workspace(shared: kernel.packedByteCount, perWorker: kernel.scratchByteCount)
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let tensors = context.tensors
    let arguments = unsafe AttentionKernel.Arguments(
      queries: tensors.inputs[0], keys: tensors.inputs[1], values: tensors.inputs[2],
      output: tensors.output, packed: context.shared)
    try context.parallel.forEach(kernel.packCount) { block, _ in
      kernel.pack(block: block, arguments)
    }
    try unsafe context.forEach(0..<kernel.blockCount) { block, scratch in
      unsafe kernel.run(block: block, arguments, scratch: scratch)
    }
    return nil
  }
}
