/// The gradient of an activation, and of the group norm before it, with respect to its input.
///
/// Inputs: the gradient of the activation's output and the tensor that the activation, or the norm, read;
/// then, with a norm, the sums that `NormGradientSums` makes; then what is added, if anything is.
struct ActivationGradient: Operation {
  let activation: Activation
  var norm: GroupNorm?

  package var parameters: [Graph.Parameter] { norm.map { [$0.weight, $0.bias] } ?? [] }
  package var normalizedInputs: [Int] { norm == nil ? [] : [1] }

  package func outputShape(of inputs: [TensorShape]) -> TensorShape { inputs[1] }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    (norm == nil ? 1 : 3) * output.count
  }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let (activation, norm, shape) = (activation, norm, request.output)
    let kernels = request.options.kernels
    let hasAddend = request.inputs.count > (norm == nil ? 2 : 3)
    let tensors = norm.map { (request[$0.weight], request[$0.bias]) }
    return unsafe PointwiseStep(
      name: "gradient", shape: shape, inputChannels: request.inputs.map(\.channels),
      multiplyAdds: multiplyAdds(inputs: request.inputs, output: shape),
      statisticsInput: norm == nil ? nil : 2
    ) { context in
      let coefficients = norm.flatMap { norm in
        tensors.map { weight, bias in
          context.statistics(of: 1).gradientCoefficients(
            of: norm, weight: kernels.floats(of: weight), bias: kernels.floats(of: bias),
            sums: context.statistics(of: 2))
        }
      }
      return { inputs, output, pixelCount in
        unsafe kernels.activationGradient(
          inputs[0], at: inputs[1], addend: hasAddend ? inputs.last : nil, pixels: pixelCount,
          channels: shape.channels, norm: coefficients, activation, into: output)
      }
    }
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}

extension StepContext {
  /// The statistics of an input that has some.
  func statistics(of input: Int) -> TensorStatistics {
    guard let statistics = statistics[input] else {
      preconditionFailure("nobody gathers the statistics of input \(input) of \(layer)")
    }
    return statistics
  }
}
