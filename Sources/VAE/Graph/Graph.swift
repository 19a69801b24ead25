/// A network as a list of operations on tensors, in the order they run.
///
/// The models are written once as code that appends operations; what the graph knows of shapes and
/// uses is enough to plan memory, count work and report progress before anything runs.
package struct Graph: Sendable {
  /// A tensor of the graph: the input or the output of a node.
  package struct Value: Hashable, Sendable {
    /// The tensor's number, in the order of creation.
    let index: Int
  }

  /// An operation and the tensors it connects.
  package struct Node: Sendable {
    /// The layer's name in the checkpoint, such as "decoder.up_blocks.0.resnets.1.conv1".
    package let name: String
    /// What it computes.
    let operation: Operation
    /// The tensors it reads.
    let inputs: [Value]
    /// The tensor it writes.
    let output: Value
  }

  /// What a node computes.
  enum Operation: Sendable {
    /// Inputs: the tensor, then the residual if there is one.
    case convolution(Convolution)
    /// Inputs: queries, keys and values.
    case attention(Attention)
  }

  /// The shape of each tensor, by number.
  private(set) var shapes: [TensorShape]
  /// The operations, in the order they run.
  private(set) var nodes: [Node] = []
  /// The tensor that the caller fills.
  package let input = Value(index: 0)
  /// The tensor that the caller reads: the last one written.
  package var output: Value { nodes.last?.output ?? input }

  /// A graph of no operations on a tensor of `inputShape`.
  init(inputShape: TensorShape) { shapes = [inputShape] }

  /// The shape of a tensor.
  package func shape(of value: Value) -> TensorShape { shapes[value.index] }

  /// Appends a node that writes a new tensor of `shape`.
  mutating func append(
    _ name: String, _ operation: Operation, inputs: [Value], shape: TensorShape
  ) -> Value {
    let output = Value(index: shapes.count)
    shapes.append(shape)
    nodes.append(Node(name: name, operation: operation, inputs: inputs, output: output))
    return output
  }

  /// Multiply-adds of a node.
  func multiplyAdds(of node: Node) -> Int {
    let output = shape(of: node.output)
    switch node.operation {
    case .convolution(let convolution):
      return output.count * convolution.depth
    case .attention:
      return 2 * output.pixelCount * output.count
    }
  }

  /// The tensors of the checkpoint that the nodes read.
  var storedTensors: [StoredTensor] {
    nodes.flatMap { node -> [StoredTensor] in
      guard case .convolution(let convolution) = node.operation else { return [] }
      return [
        convolution.weight, convolution.bias, convolution.norm?.weight, convolution.norm?.bias,
      ].compactMap(\.self)
    }
  }

  /// Multiply-adds of all nodes.
  var multiplyAdds: Int { nodes.reduce(0) { $0 + multiplyAdds(of: $1) } }

  /// Bytes of what a node reads and writes: tensors in f32, weights as they are stored.
  func byteCount(of node: Node) -> Int {
    let tensors = (node.inputs + [node.output]).reduce(0) { $0 + shape(of: $1).byteCount }
    guard case .convolution(let convolution) = node.operation else { return tensors }
    return tensors + convolution.weight.byteRange.count
  }

  /// Whether some node normalises the tensor, so that its writer must gather the statistics.
  func needsStatistics(_ value: Value) -> Bool {
    nodes.contains { node in
      guard case .convolution(let convolution) = node.operation else { return false }
      return node.inputs.first == value && convolution.norm != nil
    }
  }
}
