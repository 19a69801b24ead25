/// How a graph is run: the way each node is computed, and where its tensors and workspaces lie.
struct ExecutionPlan: Sendable {
  let graph: Graph
  /// The way each node is computed, in order.
  let steps: [any ExecutionStep]
  /// What each node uses of the arena besides its tensors.
  let workspaces: [StepMemory]
  /// Where the tensors lie.
  let memory: MemoryPlan
  /// The part of the work that is done after each node.
  let fractions: [Double]
  /// What the prepared weights of each node are called.
  let weightNames: [String]
  /// Of each tensor, by number, the names of the outputs that it is.
  let outputNames: [[String]]

  /// A plan for `graph`.
  ///
  /// - Throws: `MemoryPlan.LimitTooLow`.
  init(_ graph: Graph, _ options: ExecutionOptions) throws {
    self.graph = graph
    steps = graph.nodes.map { $0.operation.step(StepRequest($0, in: graph, options)) }
    workspaces = steps.map { StepMemory($0) }
    let total = Double(max(graph.multiplyAdds, 1))
    var done = 0
    fractions = graph.nodes.map { node in
      done += graph.multiplyAdds(of: node)
      return Double(done) / total
    }
    weightNames = zip(graph.nodes, steps).map { "\($0.name), \($1.weights?.form ?? "")" }
    outputNames = graph.outputs.reduce(into: Array(repeating: [], count: graph.shapes.count)) {
      $0[$1.value.index].append($1.name)
    }
    let demands = graph.nodes.indices.map { [steps, workspaces] time in
      MemoryPlan.Demand(
        workspace: workspaces[time].byteCount(workers: options.parallel.threads),
        strips: Self.strips(of: steps[time], graph.nodes[time], in: graph),
        replaceableInputs: steps[time].replaceableInputs)
    }
    memory = try MemoryPlan(graph, demands: demands, limit: options.memoryLimit)
  }

  /// Bytes of the largest part of each tensor of a node that is in memory at a time.
  private static func strips(
    of step: any ExecutionStep, _ node: Graph.Node, in graph: Graph
  ) -> [Int]? {
    step.bands.map { bands in
      let pixels = bands.strips.map(bands.pixels)
      return (node.inputs + [node.output]).enumerated().map { operand, value in
        (pixels.map { $0[operand].count }.max() ?? 0) * graph.shape(of: value).channels
          * MemoryLayout<Float>.stride
      }
    }
  }
}

/// The parts of the memory that a step uses besides its tensors, in bytes, each of them aligned.
struct StepMemory: Sendable {
  /// The prepared weights.
  let weights: Int
  /// What all workers share.
  let shared: Int
  /// What belongs to each worker, while weights are prepared or while the step runs.
  let perWorker: Int

  /// What `step` uses.
  init(_ step: any ExecutionStep) {
    func aligned(_ byteCount: Int) -> Int { byteCount.roundedUp(toMultipleOf: Arena.alignment) }
    let workspace = step.workspace
    weights = aligned(step.weights?.byteCount ?? 0)
    shared = aligned(workspace.shared)
    perWorker = aligned(max(workspace.perWorker, step.weights?.scratchByteCount ?? 0))
  }

  /// Bytes of all parts for `workers` workers.
  func byteCount(workers: Int) -> Int { weights + shared + perWorker * workers }
}
