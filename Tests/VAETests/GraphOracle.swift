@testable import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Graphs of convolutions and attention, computed directly in f64.
struct GraphOracle {
  let graph: Graph
  let kernels: Kernels

  /// What the last node writes for the values of the inputs, in order.
  func run(_ inputs: [[Double]]) -> [Double] {
    var values: [Graph.Value: [Double]] = [:]
    for (input, tensor) in zip(graph.inputs, inputs) { values[input.value] = tensor }
    var last: [Double] = []
    for node in graph.nodes {
      let read = node.inputs.map { values[$0] ?? [] }
      switch node.operation {
      case let convolution as Convolution:
        last = self.convolution(convolution, node, read)
      case let attention as Attention:
        last = self.attention(attention, graph.shape(of: node.output), read)
      default: preconditionFailure("no twin of \(node.operation)")
      }
      values[node.output] = last
    }
    return last
  }

  private func floats(_ parameter: Graph.Parameter?) -> [Double]? {
    parameter.map { kernels.floats(of: graph[$0]).map(Double.init) }
  }

  private func convolution(
    _ convolution: Convolution, _ node: Graph.Node, _ inputs: [[Double]]
  ) -> [Double] {
    let (shape, output) = (graph.shape(of: node.inputs[0]), graph.shape(of: node.output))
    let weight = floats(convolution.weight) ?? []
    let bias = floats(convolution.bias)
    let input = normalised(inputs[0], shape, convolution).map {
      activation(convolution.inputActivation, $0)
    }
    let (size, scale) = (convolution.kernelSize, convolution.upsamples ? 2 : 1)
    return (0..<output.count).map { index in
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: output.channels)
      var sum = (bias?[channel] ?? 0) + (inputs.count > 1 ? inputs[1][index] : 0)
      for tap in 0..<size * size {
        let y = pixel / output.width * convolution.stride + tap / size - convolution.padding.top
        let x = pixel % output.width * convolution.stride + tap % size - convolution.padding.left
        guard (0..<shape.height * scale).contains(y), (0..<shape.width * scale).contains(x) else {
          continue
        }
        let source = (y / scale * shape.width + x / scale) * shape.channels
        for k in 0..<shape.channels {
          sum += input[source + k] * weight[(channel * shape.channels + k) * size * size + tap]
        }
      }
      return activation(convolution.outputActivation, sum)
    }
  }

  private func normalised(
    _ input: [Double], _ shape: TensorShape, _ convolution: Convolution
  ) -> [Double] {
    guard let norm = convolution.norm, let weight = floats(norm.weight),
      let bias = floats(norm.bias)
    else { return input }
    let size = shape.channels / norm.groups
    let count = Double(size * shape.pixelCount)
    func group(_ index: Int) -> Int { index % shape.channels / size }
    var mean = [Double](repeating: 0, count: norm.groups)
    for (index, value) in input.enumerated() { mean[group(index)] += value / count }
    var variance = [Double](repeating: 0, count: norm.groups)
    for (index, value) in input.enumerated() {
      variance[group(index)] += (value - mean[group(index)]) * (value - mean[group(index)]) / count
    }
    return input.enumerated().map { index, value in
      let deviation = sqrt(variance[group(index)] + Double(norm.epsilon))
      return (value - mean[group(index)]) / deviation * weight[index % shape.channels]
        + bias[index % shape.channels]
    }
  }

  private func attention(
    _ attention: Attention, _ shape: TensorShape, _ inputs: [[Double]]
  ) -> [Double] {
    let channels = shape.channels
    return (0..<shape.pixelCount).flatMap { query in
      let scores = (0..<shape.pixelCount).map { key in
        exp(
          Double(attention.scale)
            * (0..<channels).reduce(0) {
              $0 + inputs[0][query * channels + $1] * inputs[1][key * channels + $1]
            })
      }
      let total = scores.reduce(0, +)
      return (0..<channels).map { channel in
        scores.indices.reduce(0) { $0 + scores[$1] * inputs[2][$1 * channels + channel] } / total
      }
    }
  }

  private func activation(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .silu: x / (1 + exp(-x))
    case .relu: max(x, 0)
    case .softClamp(let limit): Double(limit) * tanh(x / Double(limit))
    case .affine(let scale, let shift): Double(scale) * x + Double(shift)
    }
  }
}
