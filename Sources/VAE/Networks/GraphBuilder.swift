/// Appends layers to a graph, taking their weights by name from a checkpoint.
///
/// Building a graph checks that every tensor it needs is there and has the right shape.
package struct GraphBuilder {
  /// What was appended so far.
  private(set) var graph: Graph
  private let weights: WeightStore

  /// A graph that starts at a tensor of `inputShape`.
  init(inputShape: TensorShape, weights: WeightStore) {
    graph = Graph(inputShape: inputShape)
    self.weights = weights
  }

  /// The channels of a tensor.
  func channels(of value: Graph.Value) -> Int { graph.shape(of: value).channels }

  /// The extents of the tensor stored under `name`, or nil if there is none.
  func shape(of name: String) -> [Int]? { weights.shape(of: name) }

  /// The group norm stored under `name`.
  ///
  /// - Throws: `WeightsError`, also if the groups do not divide the channels.
  func groupNorm(_ name: String, channels: Int, groups: Int, epsilon: Float) throws -> GroupNorm {
    guard channels > 0, channels % groups == 0 else {
      throw weights.malformed(
        "\(name).weight", "\(channels) channels are not \(groups) groups of the same size")
    }
    return GroupNorm(
      groups: groups, epsilon: epsilon,
      weight: try weights.tensor("\(name).weight", shape: [channels]),
      bias: try weights.tensor("\(name).bias", shape: [channels]))
  }

  /// Appends the convolution stored under `name`; it keeps the resolution unless `configure` says
  /// otherwise.
  ///
  /// - Parameters:
  ///   - residual: added to the result.
  ///   - configure: sets what differs from a plain convolution.
  /// - Throws: `WeightsError`.
  mutating func convolution(
    _ name: String, _ input: Graph.Value, outChannels: Int, kernelSize: Int, hasBias: Bool = true,
    residual: Graph.Value? = nil, configure: (inout Convolution) -> Void = { _ in }
  ) throws -> Graph.Value {
    let inChannels = channels(of: input)
    var convolution = Convolution(
      inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize,
      padding: .all(kernelSize / 2),
      weight: try weights.tensor(
        "\(name).weight", shape: [outChannels, inChannels, kernelSize, kernelSize]),
      bias: hasBias ? try weights.tensor("\(name).bias", shape: [outChannels]) : nil)
    configure(&convolution)
    return graph.append(
      name, .convolution(convolution), inputs: [input] + (residual.map { [$0] } ?? []),
      shape: convolution.outputShape(graph.shape(of: input)))
  }

  /// Appends the attention of `queries` over `keys` and `values`.
  mutating func attention(
    _ name: String, queries: Graph.Value, keys: Graph.Value, values: Graph.Value
  ) -> Graph.Value {
    let shape = graph.shape(of: queries)
    let attention = Attention(scale: 1 / Float(shape.channels).squareRoot())
    return graph.append(
      name, .attention(attention), inputs: [queries, keys, values], shape: shape)
  }
}
