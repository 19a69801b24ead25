/// Draws from a posterior: z = mean + exp(0.5 · log-variance) · noise, the log-variance held to `logVariances`.
///
/// Inputs: the means and then the log-variances, `[2 · channels]`, and the noise, `[channels]`.
///
/// - SeeAlso: Kingma and Welling, "Auto-encoding variational Bayes", 2013, section 2.4; diffusers
///   `models/autoencoders/vae.py`, `DiagonalGaussianDistribution.sample`.
struct Reparameterisation: Operation {
  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    precondition(
      inputs[0].channels == 2 * inputs[1].channels && inputs[0].pixelCount == inputs[1].pixelCount,
      "noise of \(inputs[1]) for moments of \(inputs[0])")
    return inputs[1]
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { output.count }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let channels = request.output.channels
    return unsafe PointwiseStep(
      name: "draw", shape: request.output, inputChannels: request.inputs.map(\.channels),
      multiplyAdds: multiplyAdds(inputs: request.inputs, output: request.output)
    ) { _ in
      { inputs, output, pixelCount in
        var isFinite = true
        for index in 0..<pixelCount * channels {
          let mean = unsafe inputs[0] + (index / channels * 2 * channels + index % channels)
          let deviation = unsafe DiagonalGaussian.deviation(mean[channels])
          let value = unsafe mean[0] + deviation * inputs[1][index]
          unsafe output[index] = value
          isFinite = isFinite && value.isFinite
        }
        return isFinite
      }
    }
  }

  /// The gradient of the moments; the noise is given.
  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    precondition(!request.isWanted[1], "noise is given, and has no gradient")
    let name = "\(request.node.name) gradient"
    let part = graph.append(
      name, ReparameterisationGradient(), inputs: request.node.inputs + [request.gradient])
    return OperationGradients(
      inputs: [graph.appendSum("\(name) sum", part, request.others[0]), request.others[1]])
  }
}

/// The gradient of `Reparameterisation` with respect to the moments; that of a log-variance beyond the limits
/// is 0.
///
/// Inputs: the moments, the noise and the gradient of z.
private struct ReparameterisationGradient: Operation {
  package func outputShape(of inputs: [TensorShape]) -> TensorShape { inputs[0] }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { output.count }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    let channels = request.inputs[1].channels
    return unsafe PointwiseStep(
      name: "gradient", shape: request.output, inputChannels: request.inputs.map(\.channels),
      multiplyAdds: multiplyAdds(inputs: request.inputs, output: request.output)
    ) { _ in
      { inputs, output, pixelCount in
        var isFinite = true
        for index in 0..<pixelCount * channels {
          let place = index / channels * 2 * channels + index % channels
          let logVariance = unsafe inputs[0][place + channels]
          let (noise, slope) = unsafe (inputs[1][index], inputs[2][index])
          let change =
            DiagonalGaussian.logVariances.contains(logVariance)
            ? 0.5 * slope * DiagonalGaussian.deviation(logVariance) * noise : 0
          // May lie over the moments of this pixel, which nobody reads afterwards.
          unsafe output[place] = slope
          unsafe output[place + channels] = change
          isFinite = isFinite && slope.isFinite && change.isFinite
        }
        return isFinite
      }
    }
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}
