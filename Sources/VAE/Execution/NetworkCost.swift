/// What a run of a network takes, known before it runs.
package struct NetworkCost: Sendable {
  /// Bytes of the tensors and workspaces in memory.
  package private(set) var memoryByteCount: Int
  /// Bytes of the temporary file for tensors that memory has no room for.
  package private(set) var fileByteCount: Int
  /// Bytes of the largest layer's weights, which are in memory while it runs.
  package private(set) var weightByteCount: Int
  /// Multiply-adds as the layers are defined.
  package private(set) var multiplyAdds: Int
  /// Multiply-adds that are done, fewer where a kernel saves some.
  package private(set) var reducedMultiplyAdds: Int
  /// Bytes of all tensors as they are written and read, once for each use.
  package private(set) var trafficByteCount: Int

  /// The cost of running `plan`.
  init(_ plan: ExecutionPlan) {
    let graph = plan.graph
    memoryByteCount = plan.memory.byteCount
    fileByteCount = plan.memory.fileByteCount
    weightByteCount = graph.nodes.map { graph.parameterByteCount(of: $0) }.max() ?? 0
    multiplyAdds = graph.multiplyAdds
    reducedMultiplyAdds = plan.steps.reduce(0) { $0 + $1.multiplyAdds }
    trafficByteCount = graph.nodes.reduce(0) { $0 + graph.byteCount(of: $1) }
  }

  /// The cost of a run and then `times` runs of another network.
  package func followed(by other: NetworkCost, times: Int = 1) -> NetworkCost {
    var both = self
    both.memoryByteCount = max(memoryByteCount, other.memoryByteCount)
    both.fileByteCount = max(fileByteCount, other.fileByteCount)
    both.weightByteCount = max(weightByteCount, other.weightByteCount)
    both.multiplyAdds += times * other.multiplyAdds
    both.reducedMultiplyAdds += times * other.reducedMultiplyAdds
    both.trafficByteCount += times * other.trafficByteCount
    return both
  }
}
