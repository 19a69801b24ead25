/// Tensors of one shape, each times a number, added up.
struct LinearCombination: Operation {
  /// What the inputs are multiplied by.
  let factors: [Float]

  package func outputShape(of inputs: [TensorShape]) -> TensorShape { inputs[0] }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    factors.count * output.count
  }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let (factors, shape) = (factors, request.output)
    return unsafe PointwiseStep(
      name: "sum", shape: shape, inputChannels: request.inputs.map(\.channels),
      multiplyAdds: multiplyAdds(inputs: request.inputs, output: shape)
    ) { _ in
      { inputs, output, pixelCount in
        var isFinite = true
        for index in 0..<pixelCount * shape.channels {
          var sum = unsafe factors[0] * inputs[0][index]
          for input in 1..<factors.count {
            unsafe sum += factors[input] * inputs[input][index]
          }
          unsafe output[index] = sum
          isFinite = isFinite && sum.isFinite
        }
        return isFinite
      }
    }
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    var gradients = request.others
    for (index, input) in request.node.inputs.enumerated() where request.isWanted[index] {
      let same = request.node.inputs.firstIndex(of: input) ?? index
      let terms = [request.gradient] + (gradients[same].map { [$0] } ?? [])
      let scaled = LinearCombination(
        factors: [factors[index]] + (terms.count > 1 ? [1] : []))
      let sum = graph.append("\(request.node.name) gradient", scaled, inputs: terms)
      gradients[same] = sum
      gradients[index] = sum
    }
    return OperationGradients(inputs: gradients)
  }
}

extension Graph {
  /// `part` added to `other` by a node, or `part` where there is no other.
  mutating func appendSum(_ name: String, _ part: Value, _ other: Value?) -> Value {
    other.map { append(name, LinearCombination(factors: [1, 1]), inputs: [part, $0]) } ?? part
  }
}
