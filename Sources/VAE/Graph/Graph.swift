/// A network as a list of operations on tensors, in the order they run.
///
/// The models are written once as code that appends operations; what the graph knows of shapes and
/// uses is enough to plan memory, count work and report progress before anything runs. Weights are values
/// of the graph too: an operation names its parameters, and the graph says what they are.
package struct Graph: Sendable {
  /// A tensor that runs through the graph: an input, or the output of a node.
  package struct Value: Hashable, Sendable {
    /// The tensor's number, in the order of creation.
    let index: Int
  }

  /// A tensor that stays what it is: a weight or a bias.
  package struct Parameter: Hashable, Sendable {
    /// The parameter's number, in the order of creation.
    let index: Int
  }

  /// An operation and the tensors it connects.
  package struct Node: Sendable {
    /// The layer's name in the checkpoint, such as "decoder.up_blocks.0.resnets.1.conv1".
    package let name: String
    package let operation: any Operation
    /// The tensors it reads, in the order of the operation.
    package let inputs: [Value]
    /// The tensor it writes.
    package let output: Value
  }

  /// A tensor that the caller fills or reads, by name.
  package struct Port: Sendable {
    package let name: String
    package let value: Value
    /// Of an input that depends on a tensor of the graph, that tensor: it is filled when that is computed.
    let source: Value?
  }

  /// The shape of each tensor, by number.
  private(set) var shapes: [TensorShape] = []
  /// The operations, in the order they run.
  package private(set) var nodes: [Node] = []
  /// What the parameters are, by number.
  private(set) var parameters: [StoredTensor] = []
  /// The tensors that the caller fills: before the graph runs, or once their source is computed.
  package private(set) var inputs: [Port] = []
  /// The tensors that the caller reads as soon as they are computed.
  package private(set) var outputs: [Port] = []

  /// A graph of nothing.
  package init() {}

  /// The shape of a tensor.
  package func shape(of value: Value) -> TensorShape { shapes[value.index] }

  /// All parameters, in the order of creation.
  package var allParameters: [Parameter] { parameters.indices.map(Parameter.init) }

  /// What a parameter is.
  package subscript(parameter: Parameter) -> StoredTensor { parameters[parameter.index] }

  // MARK: Building

  /// Adds a tensor of `shape` that the caller fills.
  ///
  /// - Parameter source: a tensor of the graph that the caller makes it of; nil if it is there from the start.
  package mutating func addInput(
    _ name: String, _ shape: TensorShape, of source: Value? = nil
  ) -> Value {
    let value = newValue(shape)
    inputs.append(Port(name: name, value: value, source: source))
    return value
  }

  /// Lets the caller read `value`.
  package mutating func addOutput(_ name: String, _ value: Value) {
    outputs.append(Port(name: name, value: value, source: nil))
  }

  /// Adds a parameter that is `tensor`, backed by a file or by memory.
  package mutating func addParameter(_ tensor: StoredTensor) -> Parameter {
    parameters.append(tensor)
    return Parameter(index: parameters.count - 1)
  }

  /// Appends a node, which writes a new tensor of the shape that its operation makes of the inputs'.
  package mutating func append(
    _ name: String, _ operation: any Operation, inputs: [Value]
  ) -> Value {
    let output = newValue(operation.outputShape(of: inputs.map { shape(of: $0) }))
    nodes.append(Node(name: name, operation: operation, inputs: inputs, output: output))
    return output
  }

  private mutating func newValue(_ shape: TensorShape) -> Value {
    shapes.append(shape)
    return Value(index: shapes.count - 1)
  }
}

// MARK: Questions

extension Graph {
  /// Multiply-adds of a node, as its operation is defined.
  func multiplyAdds(of node: Node) -> Int {
    node.operation.multiplyAdds(
      inputs: node.inputs.map { shape(of: $0) }, output: shape(of: node.output))
  }

  /// Multiply-adds of all nodes.
  package var multiplyAdds: Int { nodes.reduce(0) { $0 + multiplyAdds(of: $1) } }

  /// Bytes of a node's parameters as they are stored.
  func parameterByteCount(of node: Node) -> Int {
    node.operation.parameters.reduce(0) { $0 + self[$1].byteRange.count }
  }

  /// Bytes of what a node reads and writes: tensors in f32, parameters as they are stored.
  func byteCount(of node: Node) -> Int {
    (node.inputs + [node.output]).reduce(parameterByteCount(of: node)) {
      $0 + shape(of: $1).byteCount
    }
  }

  /// Whether some node needs the statistics of the tensor, so that its writer must gather them.
  func needsStatistics(_ value: Value) -> Bool {
    nodes.contains { node in
      node.operation.normalizedInputs.contains { node.inputs[$0] == value }
    }
  }

  /// The number of the last node that reads each tensor; 0 where none does.
  var lastUses: [Int] {
    var lastUses = [Int](repeating: 0, count: shapes.count)
    for (time, node) in nodes.enumerated() {
      for input in node.inputs { lastUses[input.index] = time }
    }
    return lastUses
  }

  /// The number of the first node before which an input must be filled.
  func fillingTime(of input: Port) -> Int {
    guard let source = input.source else { return 0 }
    return (nodes.firstIndex { $0.output == source } ?? -1) + 1
  }
}
