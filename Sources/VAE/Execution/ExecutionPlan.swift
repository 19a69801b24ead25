/// How a graph is run: the way each node is computed, and where its tensors and workspaces lie.
///
/// A class, because every run and each of its steps holds on to it. What steps say of themselves is asked once,
/// here.
final class ExecutionPlan: Sendable {
  let graph: Graph
  /// The way each node is computed, in order.
  let steps: [any ExecutionStep]
  /// How the weights of each node are prepared; nil where it has none.
  let preparations: [(any WeightPreparation)?]
  /// What each node uses of the arena besides its tensors.
  let workspaces: [StepMemory]
  /// Where the tensors lie.
  let memory: MemoryPlan
  /// How each node runs a part after another; nil where it needs its tensors whole.
  let parts: [NodeParts?]
  /// The part of the work that is done after each node.
  let fractions: [Double]
  /// What the prepared weights of each node are called.
  let weightNames: [String]
  /// Of each tensor, by number, the names of the outputs that it is.
  let outputNames: [[String]]
  /// Of each tensor, by number, the inputs that are filled once it is there.
  let dependentInputs: [[Graph.Port]]

  /// A plan for `graph`.
  ///
  /// - Throws: `MemoryPlan.LimitTooLow`.
  init(_ graph: Graph, _ options: ExecutionOptions) throws {
    let steps = graph.nodes.map { $0.operation.step(StepRequest($0, in: graph, options)) }
    let (preparations, bands) = (steps.map(\.weights), steps.map(\.bands))
    let workspaces = steps.map { StepMemory($0) }
    self.graph = graph
    (self.steps, self.preparations, self.workspaces) = (steps, preparations, workspaces)
    let total = Double(max(graph.multiplyAdds, 1))
    var done = 0
    fractions = graph.nodes.map { node in
      done += graph.multiplyAdds(of: node)
      return Double(done) / total
    }
    weightNames = zip(graph.nodes, preparations).map { "\($0.name), \($1?.form ?? "")" }
    outputNames = graph.outputs.reduce(into: Array(repeating: [], count: graph.shapes.count)) {
      $0[$1.value.index].append($1.name)
    }
    dependentInputs = graph.inputs.reduce(into: Array(repeating: [], count: graph.shapes.count)) {
      if let source = $1.source { $0[source.index].append($1) }
    }
    let demands = graph.nodes.indices.map { time in
      MemoryPlan.Demand(
        workspace: workspaces[time].byteCount(workers: options.parallel.threads),
        strips: bands[time].map { Self.strips(of: $0, graph.nodes[time], in: graph) },
        replaceableInputs: steps[time].replaceableInputs)
    }
    let memory = try MemoryPlan(graph, demands: demands, limit: options.memoryLimit)
    self.memory = memory
    parts = zip(graph.nodes, bands).map { node, bands in
      bands.map { NodeParts($0, node, memory, in: graph) }
    }
  }

  /// Bytes of the largest part of each tensor of a node that is in memory at a time.
  private static func strips(
    of bands: BandPlan, _ node: Graph.Node, in graph: Graph
  ) -> [Int] {
    let pixels = bands.strips.map(bands.pixels)
    return (node.inputs + [node.output]).enumerated().map { operand, value in
      (pixels.map { $0[operand].count }.max() ?? 0) * graph.shape(of: value).channels
        * MemoryLayout<Float>.stride
    }
  }
}

/// How a node runs a part of its tensors after another.
struct NodeParts: Sendable {
  let bands: BandPlan
  /// The ranges of chunks that may run at the same time, in order.
  let batches: [Range<Int>]
  /// Whether all its tensors lie in the arena whole.
  let isResident: Bool

  /// The parts of `node`, whose tensors lie where `memory` says.
  init(_ bands: BandPlan, _ node: Graph.Node, _ memory: MemoryPlan, in graph: Graph) {
    self.bands = bands
    let isInPlace = node.inputs.contains {
      memory.places[$0.index].arena == memory.places[node.output.index].arena
    }
    batches = (isInPlace ? bands.inPlaceBatches : nil) ?? [0..<bands.chunkCount]
    isResident = (node.inputs + [node.output]).allSatisfy { memory.isResident($0, in: graph) }
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
