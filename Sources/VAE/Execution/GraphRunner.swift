/// Runs a graph: one node after the other, each on all threads, in the memory of the plan.
struct GraphRunner: ~Copyable {
  private let plan: ExecutionPlan
  private let options: ExecutionOptions
  private let preparation: WeightPreparation
  private let memory: TensorMemory
  /// Totals of the tensors that a norm reads later, by number.
  private var statistics: [Int: NormStatistics] = [:]
  private var graph: Graph { plan.graph }

  /// A runner with memory for `plan`.
  ///
  /// - Throws: `OutOfMemory`, `SpillFile.Failure`.
  init(_ plan: ExecutionPlan, _ options: ExecutionOptions) throws {
    self.plan = plan
    self.options = options
    preparation = WeightPreparation(kernels: options.kernels, parallel: options.parallel)
    memory = try TensorMemory(plan, options.parallel)
  }

  /// Runs the graph on the input that `fill` writes and gives the output to `read`.
  ///
  /// - Parameters:
  ///   - fill: writes the input tensor, all of it.
  ///   - progress: told after each node; may throw to end the run.
  /// - Throws: `NonFiniteActivation`, `SpillFile.Failure`, `CancellationError` if the task that runs it
  ///   was cancelled, and what the closures throw.
  mutating func run<Result>(
    fill: (inout MutableSpan<Float>) throws -> Void, progress: Autoencoder.ProgressHandler,
    read: (Span<Float>) throws -> Result
  ) throws -> Result {
    let inputCount = graph.shape(of: graph.input).count
    var input = unsafe MutableSpan(
      _unsafeStart: memory.pointer(to: graph.input), count: inputCount)
    try fill(&input)
    let total = graph.multiplyAdds
    var done = 0
    for (index, node) in graph.nodes.enumerated() {
      try Task.checkCancellation()
      let start = ContinuousClock.now
      let method: String
      switch plan.steps[index] {
      case .convolution(let convolution, let way):
        try run(convolution, way, node, index)
        method = way.name
      case .attention(let kernel):
        try run(kernel, node, index)
        method = "attention"
      }
      options.observer?(timing(of: node, method, since: start))
      done += graph.multiplyAdds(of: node)
      try progress(Double(done) / Double(max(total, 1)))
    }
    let outputCount = graph.shape(of: graph.output).count
    return try read(unsafe Span(_unsafeStart: memory.pointer(to: graph.output), count: outputCount))
  }

  private func timing(
    of node: Graph.Node, _ method: String, since start: ContinuousClock.Instant
  ) -> LayerTiming {
    LayerTiming(
      name: node.name, method: method, shape: graph.shape(of: node.output).description,
      multiplyAdds: graph.multiplyAdds(of: node), byteCount: graph.byteCount(of: node),
      seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private mutating func run(
    _ convolution: Convolution, _ method: any ConvolutionMethod, _ node: Graph.Node, _ index: Int
  ) throws {
    let gathers = graph.needsStatistics(node.output)
    let workspace = memory.workspace(
      of: index, plan.steps[index].workspace(preparation, gathers: gathers))
    let prepared = try unsafe preparation.prepare(
      convolution, as: method.weightLayout, in: workspace.shared)
    let norm = try convolution.norm.map { try coefficients(of: $0, node.inputs[0]) }
    let sumCount = NormStatistics.tileSumCount(tileCount: 1, channels: convolution.outChannels)
    if gathers {
      unsafe workspace.sums.update(repeating: 0, count: method.tileCount * sumCount)
    }
    try unsafe memory.forEachStrip(of: index, node, method) { input, residual, output, tiles in
      let arguments = unsafe ConvolutionArguments(
        input: input, residual: residual, output: output, weight: prepared.weight,
        bias: prepared.bias, norm: norm)
      try options.parallel.forEach(tiles.count) { position, worker in
        let tile = tiles.lowerBound + position
        let isFinite = unsafe method.run(
          tile: tile, arguments, scratch: workspace.scratch(of: worker),
          sums: gathers ? workspace.sums + tile * sumCount : nil)
        guard isFinite else { throw NonFiniteActivation(layer: node.name) }
      }
    }
    if gathers {
      statistics[node.output.index] = unsafe NormStatistics(
        graph.shape(of: node.output), tileSums: workspace.sums, tileCount: method.tileCount)
    }
    convolution.weight.release()
  }

  private func run(_ kernel: AttentionKernel, _ node: Graph.Node, _ index: Int) throws {
    let workspace = memory.workspace(
      of: index, plan.steps[index].workspace(preparation, gathers: false))
    let arguments = unsafe AttentionKernel.Arguments(
      queries: memory.pointer(to: node.inputs[0]), keys: memory.pointer(to: node.inputs[1]),
      values: memory.pointer(to: node.inputs[2]), output: memory.pointer(to: node.output),
      packed: workspace.shared)
    try options.parallel.forEach(kernel.packCount) { block, _ in
      kernel.pack(block: block, arguments)
    }
    try options.parallel.forEach(kernel.blockCount) { block, worker in
      let isFinite = unsafe kernel.run(
        block: block, arguments, scratch: workspace.scratch(of: worker))
      guard isFinite else { throw NonFiniteActivation(layer: node.name) }
    }
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
