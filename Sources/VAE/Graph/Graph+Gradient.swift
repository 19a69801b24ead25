/// What an operation makes the gradients of its inputs and parameters of.
package struct GradientRequest: Sendable {
  /// The node, whose tensors are there as they were when it ran.
  package let node: Graph.Node
  /// The gradient of the node's output, of the output's shape.
  package let gradient: Graph.Value
  /// Of each input, what came by way of nodes behind this one; nil where nothing did.
  package let others: [Graph.Value?]
  /// Of each input, whether its gradient is wanted.
  package let isWanted: [Bool]
  /// Of each parameter of the operation, what came by way of nodes behind this one.
  package let otherParameters: [Graph.Value?]
  /// Of each parameter of the operation, whether its gradient is wanted.
  package let isParameterWanted: [Bool]
}

/// What an operation makes of a `GradientRequest`: of each input and of each parameter that is asked for, the
/// gradient by way of the node, added to what came by others.
package struct OperationGradients: Sendable {
  package var inputs: [Graph.Value?]
  package var parameters: [Graph.Value?]

  /// Gradients of `inputs`, and of `parameters` where the operation has some.
  package init(inputs: [Graph.Value?], parameters: [Graph.Value?] = []) {
    self.inputs = inputs
    self.parameters = parameters
  }
}

extension Graph {
  /// Gradients of a number, in the order in which they were asked for.
  package struct Gradients: Sendable {
    /// With respect to tensors, each of the tensor's shape.
    package let values: [Value]
    /// With respect to parameters: the numbers of each in the order of the stored tensor.
    package let parameters: [Value]
  }

  /// Appends the nodes that carry a gradient back: reverse-mode differentiation.
  ///
  /// They are nodes like any other, so lifetimes, the plan of memory, threads and progress are those of the
  /// graph. Tensors that the gradient needs live until it has read them.
  ///
  /// - Parameters:
  ///   - output: what is differentiated.
  ///   - seed: the gradient of a number with respect to `output`, of its shape.
  ///   - values: with respect to which tensors.
  ///   - parameters: with respect to which parameters; one that several nodes read has the sum of their parts.
  /// - Returns: the gradients of that number.
  /// - Precondition: `output` depends on all of them.
  package mutating func appendGradients(
    of output: Value, _ seed: Value, withRespectTo values: [Value], parameters: [Parameter] = []
  ) -> Gradients {
    appendGradients(of: [(output, seed)], withRespectTo: values, parameters: parameters)
  }

  /// Appends the nodes that carry the gradient of a number back that depends on several tensors.
  ///
  /// - Parameters:
  ///   - outputs: the tensors, each with the number's gradient by the way that leads to no other of them, of its
  ///     shape.
  ///   - values: with respect to which tensors.
  ///   - parameters: with respect to which parameters; one that several nodes read has the sum of their parts.
  /// - Returns: the gradients of that number.
  /// - Precondition: the outputs differ, and some depends on each of the others.
  package mutating func appendGradients(
    of outputs: [(value: Value, seed: Value)], withRespectTo values: [Value],
    parameters: [Parameter] = []
  ) -> Gradients {
    for (output, seed) in outputs {
      precondition(
        shape(of: seed) == shape(of: output),
        "a gradient of \(shape(of: seed)) for a tensor of \(shape(of: output))")
    }
    let wanted = Set(parameters)
    let dependents = dependents(of: values, wanted)
    var gradients = Dictionary(uniqueKeysWithValues: outputs)
    var parameterGradients: [Parameter: Value] = [:]
    for node in nodes.reversed() {
      guard dependents.contains(node.output), let gradient = gradients[node.output] else {
        continue
      }
      let own = node.operation.parameters
      precondition(Set(own).count == own.count, "\(node.name) reads a parameter twice")
      // An operation that reads a tensor twice adds its two gradients by itself.
      let request = GradientRequest(
        node: node, gradient: gradient, others: node.inputs.map { gradients[$0] },
        isWanted: node.inputs.map(dependents.contains),
        otherParameters: own.map { parameterGradients[$0] },
        isParameterWanted: own.map(wanted.contains))
      let parts = node.operation.appendGradients(request, to: &self)
      for (value, part) in zip(node.inputs, parts.inputs) {
        if let part { gradients[value] = part }
      }
      for (parameter, part) in zip(own, parts.parameters) {
        if let part { parameterGradients[parameter] = part }
      }
    }
    return Gradients(
      values: values.map { Self.found(gradients[$0]) },
      parameters: parameters.map { Self.found(parameterGradients[$0]) })
  }

  private static func found(_ gradient: Value?) -> Value {
    guard let gradient else {
      preconditionFailure("a gradient with respect to what the output does not depend on")
    }
    return gradient
  }

  /// `values` and all tensors that are computed from them or from `parameters`.
  private func dependents(of values: [Value], _ parameters: Set<Parameter>) -> Set<Value> {
    nodes.reduce(into: Set(values)) { found, node in
      if node.inputs.contains(where: found.contains)
        || node.operation.parameters.contains(where: parameters.contains)
      {
        found.insert(node.output)
      }
    }
  }
}
