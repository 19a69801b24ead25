/// What a node of a graph computes.
///
/// Everything that the rest of the engine asks of an operation is asked here, so that a new one is a new
/// file: planner, runner, cost and progress know operations by this protocol alone.
package protocol Operation: Sendable {
  /// The shape of what it makes of inputs of these shapes.
  func outputShape(of inputs: [TensorShape]) -> TensorShape

  /// The weights that it reads.
  var parameters: [Graph.Parameter] { get }

  /// Multiply-adds as the operation is defined, whatever a way to compute it saves.
  func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int

  /// The inputs, by number, whose statistics it needs: whoever writes them gathers those.
  var normalizedInputs: [Int] { get }

  /// The way to compute it that suits the shapes and the machine.
  func step(_ request: StepRequest) -> any ExecutionStep

  /// Appends what makes the gradients of inputs and parameters from that of the output.
  func appendGradients(_ request: GradientRequest, to graph: inout Graph) -> OperationGradients
}

extension Operation {
  package var parameters: [Graph.Parameter] { [] }
  package var normalizedInputs: [Int] { [] }
}

/// What the choice of a way to compute an operation depends on.
package struct StepRequest: Sendable {
  /// The shapes of the inputs.
  package let inputs: [TensorShape]
  /// The shape of the output.
  package let output: TensorShape
  /// Whether some node needs the statistics of the output.
  package let gathersStatistics: Bool
  /// Threads, kernels and precision.
  package let options: ExecutionOptions
  private let graph: Graph

  /// The request for `node` of `graph`.
  init(_ node: Graph.Node, in graph: Graph, _ options: ExecutionOptions) {
    inputs = node.inputs.map { graph.shape(of: $0) }
    output = graph.shape(of: node.output)
    gathersStatistics = graph.needsStatistics(node.output)
    self.options = options
    self.graph = graph
  }

  /// What a parameter of the operation is.
  package subscript(parameter: Graph.Parameter) -> StoredTensor { graph[parameter] }
}
