/// Runs a graph: one node after the other, each on all threads, in the memory of the plan.
struct GraphRunner: ~Copyable {
  private let graph: Graph
  private let plan: MemoryPlan
  private let options: ExecutionOptions
  private let gemm = GEMM()
  private let arena: Arena
  private var scratch: Scratch
  private var weights: PreparedWeights
  /// Totals of the tensors that a norm reads later, by number.
  private var statistics: [Int: NormStatistics] = [:]

  /// A runner with memory for `graph`.
  ///
  /// - Throws: `OutOfMemory`.
  init(_ graph: Graph, _ options: ExecutionOptions) throws {
    self.graph = graph
    self.options = options
    let plan = MemoryPlan(graph)
    let arena = try Arena(byteCount: plan.byteCount)
    let scratch = try Scratch(workers: options.parallel.threads)
    let weights = try PreparedWeights(kernels: options.kernels, parallel: options.parallel)
    self.plan = plan
    self.arena = arena
    self.scratch = scratch
    self.weights = weights
  }

  /// Runs the graph on the input that `fill` writes and gives the output to `read`.
  ///
  /// - Parameters:
  ///   - fill: writes the input tensor, all of it.
  ///   - progress: told after each node; may throw to end the run.
  /// - Throws: `NonFiniteActivation`, `CancellationError` if the task that runs it was cancelled, and
  ///   what the closures throw.
  mutating func run<Result>(
    fill: (inout MutableSpan<Float>) throws -> Void, progress: Autoencoder.ProgressHandler,
    read: (Span<Float>) throws -> Result
  ) throws -> Result {
    let inputCount = graph.shape(of: graph.input).count
    var input = unsafe MutableSpan(_unsafeStart: pointer(to: graph.input), count: inputCount)
    try fill(&input)
    let total = graph.nodes.reduce(0) { $0 + graph.multiplyAdds(of: $1) }
    var done = 0
    for node in graph.nodes {
      try Task.checkCancellation()
      let start = ContinuousClock.now
      let method =
        switch node.operation {
        case .convolution(let convolution): try run(convolution, node)
        case .attention(let attention): try run(attention, node)
        }
      options.observer?(timing(of: node, method, since: start))
      done += graph.multiplyAdds(of: node)
      try progress(Double(done) / Double(max(total, 1)))
    }
    let outputCount = graph.shape(of: graph.output).count
    return try read(unsafe Span(_unsafeStart: pointer(to: graph.output), count: outputCount))
  }

  private func timing(
    of node: Graph.Node, _ method: String, since start: ContinuousClock.Instant
  ) -> LayerTiming {
    LayerTiming(
      name: node.name, method: method, shape: graph.shape(of: node.output).description,
      multiplyAdds: graph.multiplyAdds(of: node), byteCount: graph.byteCount(of: node),
      seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func pointer(to value: Graph.Value) -> UnsafeMutablePointer<Float> {
    unsafe arena.floats(at: plan.offsets[value.index], count: graph.shape(of: value).count)
  }

  /// - Returns: the name of the way the layer was computed.
  private mutating func run(_ convolution: Convolution, _ node: Graph.Node) throws -> String {
    let method = options.convolutions.method(
      for: convolution, graph.shape(of: node.inputs[0]), graph.shape(of: node.output),
      options.kernels, gemm)
    let prepared = try weights.prepare(convolution, as: method.weightLayout)
    let arguments = unsafe ConvolutionArguments(
      input: pointer(to: node.inputs[0]),
      residual: node.inputs.count > 1 ? UnsafePointer(pointer(to: node.inputs[1])) : nil,
      output: pointer(to: node.output), weight: prepared.weight, bias: prepared.bias,
      norm: try convolution.norm.map { try coefficients(of: $0, node.inputs[0]) })
    try scratch.reserve(method.scratchFloatCount)
    let tileCount = method.tileCount
    let channels = graph.shape(of: node.output).channels
    let gathers = graph.needsStatistics(node.output)
    var sums = NormStatistics(
      shape: graph.shape(of: node.output), tileCount: gathers ? tileCount : 0)
    unsafe try sums.withTileSums { sums in
      try options.parallel.forEach(tileCount) { tile, worker in
        let isFinite = unsafe method.run(
          tile: tile, arguments, scratch: scratch.floats(of: worker),
          sums: gathers ? sums.map { unsafe $0 + tile * 2 * channels } : nil)
        guard isFinite else { throw NonFiniteActivation(layer: node.name) }
      }
    }
    if gathers { statistics[node.output.index] = sums }
    convolution.weight.release()
    return method.name
  }

  /// - Returns: the name of the way the layer was computed.
  private mutating func run(_ attention: Attention, _ node: Graph.Node) throws -> String {
    let shape = graph.shape(of: node.output)
    let kernel = AttentionKernel(
      tokens: shape.pixelCount, channels: shape.channels, scale: attention.scale,
      kernels: options.kernels, gemm: gemm)
    let arguments = unsafe AttentionKernel.Arguments(
      queries: pointer(to: node.inputs[0]), keys: pointer(to: node.inputs[1]),
      values: pointer(to: node.inputs[2]), output: pointer(to: node.output))
    try scratch.reserve(kernel.scratchFloatCount)
    try options.parallel.forEach(kernel.blockCount) { block, worker in
      let isFinite = unsafe kernel.run(block: block, arguments, scratch: scratch.floats(of: worker))
      guard isFinite else { throw NonFiniteActivation(layer: node.name) }
    }
    return "attention"
  }

  private func coefficients(of norm: GroupNorm, _ value: Graph.Value) throws -> NormCoefficients {
    guard let statistics = statistics[value.index] else {
      preconditionFailure(
        "tensor \(value.index) is normalised but was not written by a convolution")
    }
    return statistics.coefficients(
      of: norm, weight: options.kernels.floats(of: norm.weight),
      bias: options.kernels.floats(of: norm.bias))
  }
}
