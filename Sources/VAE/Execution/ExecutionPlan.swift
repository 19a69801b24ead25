/// How a graph is run: the way each node is computed, and where its tensors and workspaces lie.
struct ExecutionPlan {
  /// The operations.
  let graph: Graph
  /// The way each node is computed, in order.
  let steps: [Step]
  /// Where the tensors lie.
  let memory: MemoryPlan

  /// How a node is computed.
  enum Step {
    case convolution(Convolution, any ConvolutionMethod)
    case attention(AttentionKernel)
  }

  /// Tiles that run at the same time, at least, where a tensor is in memory a part at a time.
  private static let tilesPerStrip = 8

  /// A plan for `graph`.
  ///
  /// - Throws: `MemoryPlan.LimitTooLow`.
  init(_ graph: Graph, _ options: ExecutionOptions) throws {
    let preparation = WeightPreparation(kernels: options.kernels, parallel: options.parallel)
    self.graph = graph
    steps = graph.nodes.map { node in
      let shape = graph.shape(of: node.output)
      switch node.operation {
      case .convolution(let convolution):
        let method = options.convolutions.method(
          for: convolution, graph.shape(of: node.inputs[0]), shape, options.kernels)
        return .convolution(convolution, method)
      case .attention(let attention):
        return .attention(
          AttentionKernel(
            tokens: shape.pixelCount, channels: shape.channels, scale: attention.scale,
            kernels: options.kernels))
      }
    }
    let demands = zip(graph.nodes, steps).map { node, step in
      step.demand(of: node, in: graph, preparation)
    }
    memory = try MemoryPlan(graph, demands: demands, limit: options.memoryLimit)
  }

  /// The ranges of tiles that run one after the other where a tensor is in memory a part at a time.
  static func strips(of method: any ConvolutionMethod) -> [Range<Int>] {
    let band = method.tilesPerBand
    let tiles = (tilesPerStrip + band - 1) / band * band
    return stride(from: 0, to: method.tileCount, by: tiles).map {
      $0..<min($0 + tiles, method.tileCount)
    }
  }
}

/// The parts of a node's workspace, in bytes, each of them aligned.
struct Workspace {
  /// What all workers share: weights, or keys and values.
  let shared: Int
  /// The totals of the tiles for the next norm.
  let sums: Int
  /// What belongs to each worker.
  let perWorker: Int

  /// Room for `shared` floats, `sums` doubles, and `perWorker` floats for each worker.
  init(shared: Int, sums: Int = 0, perWorker: Int) {
    func aligned(_ byteCount: Int) -> Int {
      (byteCount + Arena.alignment - 1) / Arena.alignment * Arena.alignment
    }
    self.shared = aligned(shared * MemoryLayout<Float>.stride)
    self.sums = aligned(sums * MemoryLayout<Double>.stride)
    self.perWorker = aligned(perWorker * MemoryLayout<Float>.stride)
  }

  /// Bytes of the workspace for `workers` workers.
  func byteCount(workers: Int) -> Int { shared + sums + perWorker * workers }
}

extension ExecutionPlan.Step {
  /// Multiply-adds that the step does, fewer than the layer is defined by where the method saves some.
  func multiplyAdds(of node: Graph.Node, in graph: Graph) -> Int {
    switch self {
    case .convolution(_, let method): method.multiplyAdds
    case .attention: graph.multiplyAdds(of: node)
    }
  }

  /// What the step needs besides its tensors.
  ///
  /// - Parameter gathers: whether it writes totals for a norm.
  func workspace(_ preparation: WeightPreparation, gathers: Bool) -> Workspace {
    switch self {
    case .convolution(let convolution, let method):
      Workspace(
        shared: preparation.floatCount(convolution, as: method.weightLayout),
        sums: gathers
          ? NormStatistics.tileSumCount(
            tileCount: method.tileCount, channels: convolution.outChannels) : 0,
        perWorker: method.scratchFloatCount)
    case .attention(let kernel):
      Workspace(shared: kernel.packedFloatCount, perWorker: kernel.scratchFloatCount)
    }
  }

  fileprivate func demand(
    of node: Graph.Node, in graph: Graph, _ preparation: WeightPreparation
  ) -> MemoryPlan.Demand {
    var demand = MemoryPlan.Demand()
    demand.workspace = workspace(preparation, gathers: graph.needsStatistics(node.output))
      .byteCount(workers: preparation.parallel.threads)
    guard case .convolution(let convolution, let method) = self else { return demand }
    demand.mayReplaceInput = method.inPlaceBatches != nil
    let strips = ExecutionPlan.strips(of: method).map { method.pixels(ofTiles: $0) }
    func byteCount(_ pixels: Int?, _ channels: Int) -> Int {
      (pixels ?? 0) * channels * MemoryLayout<Float>.stride
    }
    demand.strips = .init(
      input: byteCount(strips.map(\.input.count).max(), convolution.inChannels),
      output: byteCount(strips.map(\.output.count).max(), convolution.outChannels))
    return demand
  }
}
