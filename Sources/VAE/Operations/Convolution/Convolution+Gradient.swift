extension Convolution {
  /// The gradient of the input is that of the output, convolved with the rotated kernels; that of the
  /// residual is the gradient of the output itself.
  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> [Graph.Value?] {
    let name = "\(request.node.name) gradient"
    var gradient = request.gradient
    if outputActivation != .identity {
      gradient = graph.append(
        "\(name) of output", ActivationGradient(activation: outputActivation),
        inputs: [gradient, request.node.output])
    }
    var gradients = request.others
    if request.isWanted.count > 1, request.isWanted[1] {
      gradients[1] =
        gradients[1].map { other in
          graph.append("\(name) of residual", LinearCombination.sum, inputs: [gradient, other])
        } ?? gradient
      // The input may be its own residual.
      if request.node.inputs[0] == request.node.inputs[1] { gradients[0] = gradients[1] }
    }
    guard request.isWanted[0] else { return gradients }
    let other = gradients[0].map { [$0] } ?? []
    if norm == nil, inputActivation == .identity {
      gradients[0] = graph.append(name, transposed, inputs: [gradient] + other)
    } else {
      gradient = graph.append(name, transposed, inputs: [gradient])
      let read = [gradient, request.node.inputs[0]]
      let sums = norm.map { norm in
        graph.append(
          "\(name) sums", NormGradientSums(norm: norm, activation: inputActivation), inputs: read)
      }
      gradients[0] = graph.append(
        "\(name) of input", ActivationGradient(activation: inputActivation, norm: norm),
        inputs: read + (sums.map { [$0] } ?? []) + other)
    }
    if request.node.inputs.count > 1, request.node.inputs[0] == request.node.inputs[1] {
      gradients[1] = gradients[0]
    }
    return gradients
  }

  /// The convolution that carries a gradient from the output to the input.
  ///
  /// - Precondition: a stride of 1.
  private var transposed: Convolution {
    precondition(stride == 1, "the gradient of a convolution with a stride of \(stride)")
    precondition(
      !upsamples || kernelSize == 3 && padding == .all(1),
      "the gradient of an upsampled convolution with other kernels than 3x3")
    let size = kernelSize - 1
    var transposed = Convolution(
      inChannels: outChannels, outChannels: inChannels, kernelSize: upsamples ? 4 : kernelSize,
      padding: upsamples
        ? .all(1)
        : Padding(
          top: size - padding.top, left: size - padding.left, bottom: size - padding.bottom,
          right: size - padding.right), weight: weight, bias: nil)
    transposed.stride = upsamples ? 2 : 1
    transposed.kernels = upsamples ? .rotatedAndFolded : .rotated
    return transposed
  }
}
