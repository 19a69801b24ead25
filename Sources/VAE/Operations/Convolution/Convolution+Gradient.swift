extension Convolution {
  /// The gradient of the input is that of the output, convolved with the rotated kernels; that of the
  /// residual is the gradient of the output itself.
  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    let name = "\(request.node.name) gradient"
    let gradient = appendOutputGradient(name, request, to: &graph)
    var gradients = OperationGradients(inputs: request.others, parameters: request.otherParameters)
    appendOwnGradients(name, request, gradient, &gradients, to: &graph)
    // The input may be its own residual.
    let isOwnResidual =
      request.node.inputs.count > 1 && request.node.inputs[0] == request.node.inputs[1]
    if request.isWanted.count > 1, request.isWanted[1] {
      gradients.inputs[1] = graph.appendSum("\(name) of residual", gradient, gradients.inputs[1])
      if isOwnResidual { gradients.inputs[0] = gradients.inputs[1] }
    }
    appendInputGradients(name, request, gradient, &gradients, to: &graph)
    if isOwnResidual { gradients.inputs[1] = gradients.inputs[0] }
    return gradients
  }

  /// Appends the gradient of the output before its activation.
  private func appendOutputGradient(
    _ name: String, _ request: GradientRequest, to graph: inout Graph
  ) -> Graph.Value {
    var activated = request.node.output
    switch outputActivation {
    case .identity: return request.gradient
    // The slope at x follows from the output.
    case .relu, .affine: break
    case .silu, .softClamp:
      var linear = self
      linear.outputActivation = .identity
      activated = graph.append("\(name) again", linear, inputs: request.node.inputs)
    }
    return graph.append(
      "\(name) of output", ActivationGradient(activation: outputActivation),
      inputs: [request.gradient, activated])
  }

  /// Appends the gradients of weight and bias.
  private func appendOwnGradients(
    _ name: String, _ request: GradientRequest, _ gradient: Graph.Value,
    _ gradients: inout OperationGradients, to graph: inout Graph
  ) {
    if request.isParameterWanted[0] {
      let part = graph.append(
        "\(name) of weight", ConvolutionWeightGradient(convolution: self),
        inputs: [gradient, request.node.inputs[0]])
      gradients.parameters[0] = graph.appendSum(
        "\(name) sum of weight", part, gradients.parameters[0])
    }
    if bias != nil, request.isParameterWanted[1] {
      let part = graph.append("\(name) of bias", ChannelSums(), inputs: [gradient])
      gradients.parameters[1] = graph.appendSum(
        "\(name) sum of bias", part, gradients.parameters[1])
    }
  }

  /// Appends the gradients of the input, and of weight and bias of the norm on read.
  private func appendInputGradients(
    _ name: String, _ request: GradientRequest, _ gradient: Graph.Value,
    _ gradients: inout OperationGradients, to graph: inout Graph
  ) {
    let input = request.node.inputs[0]
    let other = gradients.inputs[0].map { [$0] } ?? []
    let normParameters = norm == nil ? [] : Array(parameters.indices.suffix(2))
    let isNormWanted = normParameters.contains { request.isParameterWanted[$0] }
    guard request.isWanted[0] || isNormWanted else { return }
    let transposed = transposed(graph.shape(of: input))
    guard norm != nil || inputActivation != .identity else {
      gradients.inputs[0] = graph.append(name, transposed, inputs: [gradient] + other)
      return
    }
    let read = [graph.append(name, transposed, inputs: [gradient]), input]
    let sums = norm.map { norm in
      graph.append(
        "\(name) sums", NormGradientSums(norm: norm, activation: inputActivation), inputs: read)
    }
    if let sums {
      for (part, index) in normParameters.enumerated() where request.isParameterWanted[index] {
        let channels = part * inChannels..<(part + 1) * inChannels
        let slice = graph.append(
          "\(name) of norm \(part)", ChannelSlice(channels: channels), inputs: [sums])
        gradients.parameters[index] = graph.appendSum(
          "\(name) sum of norm \(part)", slice, gradients.parameters[index])
      }
    }
    if request.isWanted[0] {
      gradients.inputs[0] = graph.append(
        "\(name) of input", ActivationGradient(activation: inputActivation, norm: norm),
        inputs: read + (sums.map { [$0] } ?? []) + other)
    }
  }

  /// The convolution that carries a gradient from the output to the input, which is of `shape`.
  private func transposed(_ shape: TensorShape) -> Convolution {
    precondition(
      kernels == .stored, "the gradient of what is itself the gradient of a convolution")
    precondition(
      stride == 1 || stride == 2 && kernelSize == 3 && !upsamples,
      "the gradient of a \(kernelSize)x\(kernelSize) convolution with a stride of \(stride)")
    precondition(
      !upsamples || kernelSize == 3 && padding == .all(1),
      "the gradient of an upsampled convolution with other kernels than 3x3")
    var transposed = Convolution(
      inChannels: outChannels, outChannels: inChannels, kernelSize: upsamples ? 4 : kernelSize,
      padding: upsamples ? .all(1) : transposedPadding(shape), weight: weight, bias: nil)
    transposed.stride = upsamples ? 2 : 1
    transposed.upsampling = stride == 2 ? .zeros : .none
    transposed.kernels = upsamples ? .rotatedAndFolded : .rotated
    return transposed
  }

  /// The zeros around a gradient that make its convolution as large as the input; rows and columns that no
  /// step of two reaches lie in them.
  private func transposedPadding(_ shape: TensorShape) -> Padding {
    let (output, size) = (outputShape(of: [shape]), kernelSize - 1)
    func after(_ input: Int, _ output: Int, _ before: Int) -> Int {
      input - output * stride + before
    }
    return Padding(
      top: size - padding.top, left: size - padding.left,
      bottom: after(shape.height, output.height, padding.top),
      right: after(shape.width, output.width, padding.left))
  }
}
