/// What an operation makes the gradients of its inputs of.
package struct GradientRequest: Sendable {
  /// The node, whose tensors are there as they were when it ran.
  package let node: Graph.Node
  /// The gradient of the node's output, of the output's shape.
  package let gradient: Graph.Value
  /// Of each input, what came by way of nodes behind this one; nil where nothing did.
  package let others: [Graph.Value?]
  /// Of each input, whether its gradient is wanted.
  package let isWanted: [Bool]
}

extension Graph {
  /// Appends the nodes that carry a gradient back: reverse-mode differentiation.
  ///
  /// They are nodes like any other, so lifetimes, the plan of memory, threads and progress are those of the
  /// graph. Tensors that the gradient needs live until it has read them.
  ///
  /// - Parameters:
  ///   - output: what is differentiated.
  ///   - seed: the gradient of a number with respect to `output`, of its shape.
  ///   - input: with respect to what.
  /// - Returns: the gradient of that number with respect to `input`, of its shape.
  /// - Precondition: `output` depends on `input`.
  package mutating func appendGradient(
    of output: Value, _ seed: Value, withRespectTo input: Value
  ) -> Value {
    precondition(
      shape(of: seed) == shape(of: output),
      "a gradient of \(shape(of: seed)) for a tensor of \(shape(of: output))")
    let dependents = dependents(of: input)
    var gradients = [output: seed]
    for node in nodes.reversed() {
      guard dependents.contains(node.output), let gradient = gradients[node.output] else {
        continue
      }
      // An operation that reads a tensor twice adds its two gradients by itself.
      let request = GradientRequest(
        node: node, gradient: gradient, others: node.inputs.map { gradients[$0] },
        isWanted: node.inputs.map(dependents.contains))
      for (value, part) in zip(node.inputs, node.operation.appendGradients(request, to: &self)) {
        if let part { gradients[value] = part }
      }
    }
    guard let result = gradients[input] else {
      preconditionFailure("a gradient of what does not depend on the input")
    }
    return result
  }

  /// `value` and all tensors that are computed from it.
  private func dependents(of value: Value) -> Set<Value> {
    nodes.reduce(into: [value]) { found, node in
      if node.inputs.contains(where: found.contains) { found.insert(node.output) }
    }
  }
}
