@testable import VAE

/// The gradient of Σ seed · output in f64, by plain loops.
extension GraphOracle {
  /// Gradients with respect to tensors and parameters.
  struct Gradients {
    var values: [Graph.Value: [Double]] = [:]
    var parameters: [Graph.Parameter: [Double]] = [:]

    mutating func add(_ part: [Double], to value: Graph.Value) {
      values[value] = values[value].map { zip($0, part).map(+) } ?? part
    }

    mutating func add(_ part: [Double], to parameter: Graph.Parameter) {
      parameters[parameter] = parameters[parameter].map { zip($0, part).map(+) } ?? part
    }
  }

  /// The gradients of what the last node writes.
  func gradients(_ inputs: [[Double]], seed: [Double]) -> Gradients {
    let tensors = values(inputs)
    var gradients = Gradients()
    if let last = graph.nodes.last { gradients.values[last.output] = seed }
    for node in graph.nodes.reversed() {
      guard let gradient = gradients.values[node.output] else { continue }
      let read = node.inputs.map { tensors[$0] ?? [] }
      switch node.operation {
      case let convolution as Convolution:
        differentiate(convolution, node, read, gradient, &gradients)
      case let attention as Attention:
        differentiate(attention, node, read, gradient, &gradients)
      default: preconditionFailure("no twin of \(node.operation)")
      }
    }
    return gradients
  }

  private func differentiate(
    _ convolution: Convolution, _ node: Graph.Node, _ inputs: [[Double]], _ gradient: [Double],
    _ gradients: inout Gradients
  ) {
    let slopes = zip(gradient, sums(convolution, node, inputs)).map {
      $0 * convolution.outputActivation.slope($1)
    }
    if inputs.count > 1 { gradients.add(slopes, to: node.inputs[1]) }
    let shape = graph.shape(of: node.inputs[0])
    let normalised = normalised(inputs[0], shape, convolution)
    let read = normalised.map { convolution.inputActivation.value($0) }
    let weight = floats(convolution.weight) ?? []
    var back = [Double](repeating: 0, count: shape.count)
    var ofWeight = [Double](repeating: 0, count: weight.count)
    forEachProduct(convolution, node) { output, input, place in
      back[input] += slopes[output] * weight[place]
      ofWeight[place] += slopes[output] * read[input]
    }
    gradients.add(ofWeight, to: convolution.weight)
    if let bias = convolution.bias {
      gradients.add(Self.channelSums(slopes, convolution.outChannels), to: bias)
    }
    for index in back.indices {
      back[index] *= convolution.inputActivation.slope(normalised[index])
    }
    if let norm = convolution.norm {
      back = differentiate(norm, shape, inputs[0], back, &gradients)
    }
    gradients.add(back, to: node.inputs[0])
  }

  private static func channelSums(_ tensor: [Double], _ channels: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: channels)
    for (index, value) in tensor.enumerated() { sums[index % channels] += value }
    return sums
  }

  private func differentiate(
    _ norm: GroupNorm, _ shape: TensorShape, _ input: [Double], _ gradient: [Double],
    _ gradients: inout Gradients
  ) -> [Double] {
    let standardised = Standardised(input, shape, norm)
    let products = zip(gradient, standardised.values).map(*)
    gradients.add(Self.channelSums(products, shape.channels), to: norm.weight)
    gradients.add(Self.channelSums(gradient, shape.channels), to: norm.bias)
    let weight = floats(norm.weight) ?? []
    let size = shape.channels / norm.groups
    let count = Double(size * shape.pixelCount)
    var (means, slopes) = (
      [Double](repeating: 0, count: norm.groups), [Double](repeating: 0, count: norm.groups)
    )
    for index in gradient.indices {
      let channel = index % shape.channels
      means[channel / size] += weight[channel] * gradient[index] / count
      slopes[channel / size] += weight[channel] * products[index] / count
    }
    return gradient.indices.map { index in
      let channel = index % shape.channels
      let (group, value) = (channel / size, standardised.values[index])
      return (weight[channel] * gradient[index] - means[group] - value * slopes[group])
        / standardised.deviations[group]
    }
  }

  private func differentiate(
    _ attention: Attention, _ node: Graph.Node, _ inputs: [[Double]], _ gradient: [Double],
    _ gradients: inout Gradients
  ) {
    let shape = graph.shape(of: node.output)
    let (pixels, channels) = (0..<shape.pixelCount, shape.channels)
    var parts = inputs.map { [Double](repeating: 0, count: $0.count) }
    for query in pixels {
      let weights = weights(attention, shape, inputs, query)
      let products = pixels.map { key in
        (0..<channels).reduce(0) {
          $0 + gradient[query * channels + $1] * inputs[2][key * channels + $1]
        }
      }
      let mean = zip(weights, products).reduce(0) { $0 + $1.0 * $1.1 }
      for key in pixels {
        let slope = Double(attention.scale) * weights[key] * (products[key] - mean)
        for channel in 0..<channels {
          let (left, right) = (query * channels + channel, key * channels + channel)
          parts[0][left] += slope * inputs[1][right]
          parts[1][right] += slope * inputs[0][left]
          parts[2][right] += weights[key] * gradient[left]
        }
      }
    }
    for (value, part) in zip(node.inputs, parts) { gradients.add(part, to: value) }
  }
}
