/// What a run of a network takes, known before it runs.
package struct NetworkCost: Sendable {
  /// Bytes of the tensors and workspaces in memory.
  package let memoryByteCount: Int
  /// Bytes of the temporary file for tensors that memory has no room for.
  package let fileByteCount: Int
  /// Bytes of the largest layer's weights, which are in memory while it runs.
  package let weightByteCount: Int
  /// Multiply-adds as the layers are defined.
  package let multiplyAdds: Int
  /// Multiply-adds that are done, fewer where a kernel saves some.
  package let reducedMultiplyAdds: Int
  /// Bytes of all tensors as they are written and read, once for each use.
  package let trafficByteCount: Int

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
}
