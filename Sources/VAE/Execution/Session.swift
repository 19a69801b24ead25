/// A network at one size, planned once and run as often as is wanted, by several threads at the same time.
final class Session: Sendable {
  private let plan: ExecutionPlan
  private let options: ExecutionOptions
  private let pool: MemoryPool

  /// A session of `graph`, whose runs share the memory of `pool`.
  ///
  /// - Throws: `MemoryPlan.LimitTooLow`.
  init(_ graph: Graph, _ options: ExecutionOptions, _ pool: MemoryPool) throws {
    plan = try ExecutionPlan(graph, options)
    self.options = options
    self.pool = pool
  }

  /// What a run takes that keeps to `limit`, in bytes of memory.
  ///
  /// - Throws: `MemoryPlan.LimitTooLow`.
  func cost(limit: Int?) throws -> NetworkCost { NetworkCost(try plan(limit: limit)) }

  /// The plan, or one that needs less memory where it needs too much.
  private func plan(limit: Int?) throws -> ExecutionPlan {
    guard let limit, plan.memory.byteCount > limit else { return plan }
    var options = options
    options.memoryLimit = limit
    return try ExecutionPlan(plan.graph, options)
  }

  /// Prepares the weights that there is room for, before runs at the same time ask for them.
  ///
  /// - Throws: `OutOfMemory`, `MemoryPlan.LimitTooLow`.
  func prepareWeights(_ options: ExecutionOptions) throws {
    let plan = try plan(limit: options.memoryLimit)
    let nodes = plan.preparations.indices.filter { plan.preparations[$0] != nil }
    let byteCount = nodes.map { plan.workspaces[$0].perWorker }.max() ?? 0
    let scratch = try Arena(byteCount: byteCount * options.parallel.threads)
    try options.parallel.forEach(nodes.count) { [room = room(options, plan)] index, worker in
      guard let preparation = plan.preparations[nodes[index]] else { return }
      let place = unsafe UnsafeMutableRawPointer(
        scratch.floats(at: worker * byteCount, count: byteCount / MemoryLayout<Float>.stride))
      _ = try unsafe pool.weights(
        named: plan.weightNames[nodes[index]], byteCount: preparation.byteCount, room: room
      ) { memory in
        try unsafe preparation.prepare(in: memory, Parallel(threads: 1)) { _ in unsafe place }
      }
    }
  }

  /// Bytes that kept weights may take beside a run of `plan`.
  private func room(_ options: ExecutionOptions, _ plan: ExecutionPlan) -> Int {
    guard options.keepsMemory else { return 0 }
    return min(pool.maximumByteCount, options.memoryLimit ?? .max) - plan.memory.byteCount
  }

  /// Runs the network.
  ///
  /// - Parameters:
  ///   - options: those of the session, but for limit and observer.
  ///   - fill: writes an input, all of it, whose name it gets; one that depends on outputs when `read`
  /// has them.
  ///   - progress: gets the part of the work that is done after each node; may throw to end the run.
  ///   - read: gets an output with its name as soon as it is computed.
  /// - Throws: `NonFiniteActivation`, `OutOfMemory`, `SpillFile.Failure`, `MemoryPlan.LimitTooLow`,
  ///   `CancellationError` if the task that runs it was cancelled, and what the closures throw.
  func run(
    _ options: ExecutionOptions, fill: (_ input: String, inout MutableSpan<Float>) throws -> Void,
    progress: (_ fraction: Double) throws -> Void,
    read: (_ output: String, Span<Float>) throws -> Void
  ) throws {
    let plan = try plan(limit: options.memoryLimit)
    let arena = try pool.arena(byteCount: plan.memory.byteCount)
    defer { if options.keepsMemory { pool.keep(arena) } }
    let run = SessionRun(
      plan: plan, options: options, pool: pool, room: room(options, plan),
      memory: try TensorMemory(plan, options.parallel, arena))
    try run.fill(plan.graph.inputs.filter { $0.source == nil }, fill)
    for input in plan.graph.inputs { try run.readOutputs(in: input.value, read) }
    try run.runNodes(progress) { value in
      try run.readOutputs(in: value, read)
      try run.fill(plan.dependentInputs[value.index], fill)
    }
  }
}

/// One run of a session: one node after the other, each on all threads, in the memory of the plan.
private struct SessionRun {
  let plan: ExecutionPlan
  let options: ExecutionOptions
  let pool: MemoryPool
  /// Bytes that kept weights may take.
  let room: Int
  let memory: TensorMemory

  /// Fills some inputs.
  func fill(
    _ inputs: [Graph.Port], _ fill: (_ input: String, inout MutableSpan<Float>) throws -> Void
  ) throws {
    for input in inputs {
      var span = unsafe MutableSpan(
        _unsafeStart: memory.pointer(to: input.value),
        count: plan.graph.shape(of: input.value).count)
      try fill(input.name, &span)
    }
  }

  /// Hands out the outputs that are `value`.
  func readOutputs(
    in value: Graph.Value, _ read: (_ output: String, Span<Float>) throws -> Void
  ) throws {
    for name in plan.outputNames[value.index] {
      try read(
        name,
        unsafe Span(
          _unsafeStart: memory.pointer(to: value), count: plan.graph.shape(of: value).count))
    }
  }

  /// Runs all nodes.
  ///
  /// - Parameter computed: called with the tensor that a node wrote before the next one runs.
  func runNodes(
    _ progress: (_ fraction: Double) throws -> Void, computed: (Graph.Value) throws -> Void
  ) throws {
    /// Of the tensors that a norm reads later, by number.
    var statistics = [TensorStatistics?](repeating: nil, count: plan.graph.shapes.count)
    for index in plan.graph.nodes.indices {
      try Task.checkCancellation()
      let start = ContinuousClock.now
      let output = plan.graph.nodes[index].output
      statistics[output.index] = try plan.steps[index].run(context(of: index, statistics))
      options.observer?(timing(of: index, since: start))
      try computed(output)
      try progress(plan.fractions[index])
    }
  }

  private func context(
    of index: Int, _ statistics: [TensorStatistics?]
  ) throws -> StepContext {
    let workspace = unsafe memory.workspace(of: index)
    let bytesPerWorker = plan.workspaces[index].perWorker
    let weights = try unsafe weights(of: index, workspace.weights) { worker in
      unsafe workspace.workers + worker * bytesPerWorker
    }
    return unsafe StepContext(
      layer: plan.graph.nodes[index].name, parallel: options.parallel, weights: weights,
      workspace: (workspace.shared, workspace.workers, bytesPerWorker),
      statistics: plan.graph.nodes[index].inputs.map { statistics[$0.index] },
      whole: { [memory] in memory.tensors(of: index) },
      forEachPart: { [memory] in try memory.forEachPart(of: index, $0) })
  }

  /// The prepared weights of a node: those that were kept, or some that are made in `workspace`.
  private func weights(
    of index: Int, _ workspace: UnsafeMutableRawPointer,
    scratch: (_ worker: Int) -> UnsafeMutableRawPointer
  ) throws -> UnsafeRawPointer {
    guard let preparation = plan.preparations[index] else { return UnsafeRawPointer(workspace) }
    let kept = try unsafe pool.weights(
      named: plan.weightNames[index], byteCount: preparation.byteCount, room: room
    ) { memory in
      try unsafe preparation.prepare(in: memory, options.parallel, scratch: scratch)
    }
    if let kept = unsafe kept { return unsafe kept }
    try unsafe preparation.prepare(in: workspace, options.parallel, scratch: scratch)
    return UnsafeRawPointer(workspace)
  }

  private func timing(of index: Int, since start: ContinuousClock.Instant) -> LayerTiming {
    let (graph, node) = (plan.graph, plan.graph.nodes[index])
    return LayerTiming(
      name: node.name, method: plan.steps[index].name,
      shape: graph.shape(of: node.output).description,
      multiplyAdds: graph.multiplyAdds(of: node), byteCount: graph.byteCount(of: node),
      seconds: (ContinuousClock.now - start) / .seconds(1))
  }
}
