/// Appends layers to a graph, taking their weights by name from a checkpoint.
///
/// Building a graph checks that every tensor it needs is there and has the right shape.
package struct GraphBuilder {
  /// What was appended so far.
  private(set) var graph = Graph()
  /// The tensor that the graph begins with.
  let input: Graph.Value
  /// Nil where the graph is to say which tensors it needs.
  private let weights: WeightStore?

  /// A graph that begins with an input called `name`, of `shape`.
  ///
  /// - Parameter weights: the checkpoint; without one the graph cannot be run, but its parameters have the names
  ///   and shapes of the tensors that a checkpoint must have.
  init(input name: String, _ shape: TensorShape, weights: WeightStore?) {
    input = graph.addInput(name, shape)
    self.weights = weights
  }

  /// The graph whose result is `output`, called `name`.
  consuming func finished(_ name: String, _ output: Graph.Value) -> Graph {
    graph.addOutput(name, output)
    return graph
  }

  /// The channels of a tensor.
  func channels(of value: Graph.Value) -> Int { graph.shape(of: value).channels }

  /// The extents of the tensor stored under `name`, or nil if there is none.
  func shape(of name: String) -> [Int]? { weights?.shape(of: name) }

  /// The group norm stored under `name`.
  ///
  /// - Throws: `WeightsError`, also if the groups do not divide the channels.
  mutating func groupNorm(
    _ name: String, channels: Int, groups: Int, epsilon: Float
  ) throws -> GroupNorm {
    guard channels > 0, channels % groups == 0 else {
      let reason = "\(channels) channels are not \(groups) groups of the same size"
      guard let weights else { preconditionFailure("\(name): \(reason)") }
      throw weights.malformed("\(name).weight", reason)
    }
    return GroupNorm(
      groups: groups, epsilon: epsilon,
      weight: try parameter("\(name).weight", shape: [channels]),
      bias: try parameter("\(name).bias", shape: [channels]))
  }

  /// The tensor stored under `name`, which must be of `shape`, as a parameter of the graph.
  ///
  /// - Throws: `WeightsError`.
  mutating func parameter(_ name: String, shape: [Int]) throws -> Graph.Parameter {
    graph.addParameter(
      try weights?.tensor(name, shape: shape) ?? StoredTensor(name: name, placeholderOf: shape))
  }

  /// Adds another input of the graph.
  mutating func addInput(_ name: String, _ shape: TensorShape) -> Graph.Value {
    graph.addInput(name, shape)
  }

  /// Appends an operation.
  mutating func append(
    _ name: String, _ operation: any Operation, _ inputs: [Graph.Value]
  ) -> Graph.Value {
    graph.append(name, operation, inputs: inputs)
  }

  /// Appends the convolution stored under `name`; it keeps the resolution unless `configure` says
  /// otherwise.
  ///
  /// - Parameters:
  ///   - isLinear: whether the checkpoint has the kernels, of one pixel, as a matrix.
  ///   - residual: added to the result.
  ///   - configure: sets what differs from a plain convolution.
  /// - Throws: `WeightsError`.
  mutating func convolution(
    _ name: String, _ input: Graph.Value, outChannels: Int, kernelSize: Int, isLinear: Bool = false,
    hasBias: Bool = true, residual: Graph.Value? = nil,
    configure: (inout Convolution) -> Void = { _ in }
  ) throws -> Graph.Value {
    let inChannels = channels(of: input)
    precondition(!isLinear || kernelSize == 1, "a matrix of kernels of \(kernelSize) pixels")
    var convolution = Convolution(
      inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize,
      padding: .all(kernelSize / 2),
      weight: try parameter(
        "\(name).weight",
        shape: [outChannels, inChannels] + (isLinear ? [] : [kernelSize, kernelSize])),
      bias: hasBias ? try parameter("\(name).bias", shape: [outChannels]) : nil)
    configure(&convolution)
    return append(name, convolution, [input] + (residual.map { [$0] } ?? []))
  }

  /// Appends the attention of `queries` over `keys` and `values`.
  mutating func attention(
    _ name: String, queries: Graph.Value, keys: Graph.Value, values: Graph.Value
  ) -> Graph.Value {
    let scale = 1 / Float(channels(of: queries)).squareRoot()
    return append(name, Attention(scale: scale), [queries, keys, values])
  }
}
