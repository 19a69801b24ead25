@testable import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Graphs of convolutions and attention, computed directly in f64.
struct GraphOracle {
  let graph: Graph
  /// The numbers of the parameters.
  var parameters: [Graph.Parameter: [Double]]

  /// The twin of `graph`.
  init(graph: Graph, kernels: Kernels) {
    self.graph = graph
    parameters = Dictionary(
      uniqueKeysWithValues: graph.allParameters.map {
        ($0, kernels.floats(of: graph[$0]).map(Double.init))
      })
  }

  /// What the last node writes for the values of the inputs, in order.
  func run(_ inputs: [[Double]]) -> [Double] {
    graph.nodes.last.flatMap { values(inputs)[$0.output] } ?? []
  }

  /// All tensors.
  func values(_ inputs: [[Double]]) -> [Graph.Value: [Double]] {
    var values: [Graph.Value: [Double]] = [:]
    for (input, tensor) in zip(graph.inputs, inputs) { values[input.value] = tensor }
    for node in graph.nodes {
      let read = node.inputs.map { values[$0] ?? [] }
      values[node.output] =
        switch node.operation {
        case let convolution as Convolution:
          sums(convolution, node, read).map { convolution.outputActivation.value($0) }
        case let attention as Attention:
          self.attention(attention, graph.shape(of: node.output), read)
        default: preconditionFailure("no twin of \(node.operation)")
        }
    }
    return values
  }

  /// The numbers of a parameter.
  func floats(_ parameter: Graph.Parameter?) -> [Double]? { parameter.flatMap { parameters[$0] } }

  /// Calls `body` for each product of a convolution with the places of its factors in output, input and weight.
  func forEachProduct(
    _ convolution: Convolution, _ node: Graph.Node,
    _ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void
  ) {
    let (shape, output) = (graph.shape(of: node.inputs[0]), graph.shape(of: node.output))
    let (size, scale) = (convolution.kernelSize, convolution.upsamples ? 2 : 1)
    for index in 0..<output.count {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: output.channels)
      for tap in 0..<size * size {
        let y = pixel / output.width * convolution.stride + tap / size - convolution.padding.top
        let x = pixel % output.width * convolution.stride + tap % size - convolution.padding.left
        guard (0..<shape.height * scale).contains(y), (0..<shape.width * scale).contains(x) else {
          continue
        }
        let source = (y / scale * shape.width + x / scale) * shape.channels
        for k in 0..<shape.channels {
          body(index, source + k, (channel * shape.channels + k) * size * size + tap)
        }
      }
    }
  }

  /// The output before its activation.
  func sums(
    _ convolution: Convolution, _ node: Graph.Node, _ inputs: [[Double]]
  ) -> [Double] {
    let shape = graph.shape(of: node.inputs[0])
    let weight = floats(convolution.weight) ?? []
    let bias = floats(convolution.bias)
    let input = normalised(inputs[0], shape, convolution).map {
      convolution.inputActivation.value($0)
    }
    var sums = (0..<graph.shape(of: node.output).count).map { index in
      (bias?[index % convolution.outChannels] ?? 0) + (inputs.count > 1 ? inputs[1][index] : 0)
    }
    forEachProduct(convolution, node) { sums[$0] += input[$1] * weight[$2] }
    return sums
  }

  /// The input as the norm makes it, or as it is.
  func normalised(
    _ input: [Double], _ shape: TensorShape, _ convolution: Convolution
  ) -> [Double] {
    guard let norm = convolution.norm, let weight = floats(norm.weight),
      let bias = floats(norm.bias)
    else { return input }
    let standardised = Standardised(input, shape, norm)
    return standardised.values.enumerated().map { index, value in
      value * weight[index % shape.channels] + bias[index % shape.channels]
    }
  }

  /// A tensor whose groups have a mean of 0 and a variance of 1.
  struct Standardised {
    let values: [Double]
    /// √(variance + epsilon) of each group.
    let deviations: [Double]

    init(_ input: [Double], _ shape: TensorShape, _ norm: GroupNorm) {
      let size = shape.channels / norm.groups
      let count = Double(size * shape.pixelCount)
      func group(_ index: Int) -> Int { index % shape.channels / size }
      var mean = [Double](repeating: 0, count: norm.groups)
      for (index, value) in input.enumerated() { mean[group(index)] += value / count }
      var variance = [Double](repeating: 0, count: norm.groups)
      for (index, value) in input.enumerated() {
        variance[group(index)] +=
          (value - mean[group(index)]) * (value - mean[group(index)]) / count
      }
      let deviations = variance.map { sqrt($0 + Double(norm.epsilon)) }
      values = input.enumerated().map { index, value in
        (value - mean[group(index)]) / deviations[group(index)]
      }
      self.deviations = deviations
    }
  }

  private func attention(
    _ attention: Attention, _ shape: TensorShape, _ inputs: [[Double]]
  ) -> [Double] {
    let channels = shape.channels
    return (0..<shape.pixelCount).flatMap { query in
      let weights = weights(attention, shape, inputs, query)
      return (0..<channels).map { channel in
        weights.indices.reduce(0) { $0 + weights[$1] * inputs[2][$1 * channels + channel] }
      }
    }
  }

  /// What a query gives the values of each pixel.
  func weights(
    _ attention: Attention, _ shape: TensorShape, _ inputs: [[Double]], _ query: Int
  ) -> [Double] {
    let channels = shape.channels
    let scores = (0..<shape.pixelCount).map { key in
      exp(
        Double(attention.scale)
          * (0..<channels).reduce(0) {
            $0 + inputs[0][query * channels + $1] * inputs[1][key * channels + $1]
          })
    }
    let total = scores.reduce(0, +)
    return scores.map { $0 / total }
  }
}

extension Activation {
  /// The activation of `x` in f64.
  func value(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .silu: x / (1 + exp(-x))
    case .relu: max(x, 0)
    case .softClamp(let limit): Double(limit) * tanh(x / Double(limit))
    case .affine(let scale, let shift): Double(scale) * x + Double(shift)
    }
  }

  /// Its slope at `x`.
  func slope(_ x: Double) -> Double {
    switch self {
    case .identity: return 1
    case .silu:
      let sigmoid = 1 / (1 + exp(-x))
      return sigmoid + x * sigmoid * (1 - sigmoid)
    case .relu: return x > 0 ? 1 : 0
    case .softClamp(let limit):
      let tangent = tanh(x / Double(limit))
      return 1 - tangent * tangent
    case .affine(let scale, _): return Double(scale)
    }
  }
}
