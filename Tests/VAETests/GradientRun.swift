import TestSupport
import Testing

@testable import VAE

/// The gradients of Σ seed · output of a graph with respect to its inputs and parameters.
struct GradientRun {
  let graph: Graph
  /// The values of the inputs, in order.
  let inputs: [[Float]]
  let seed: [Float]
  private let oracle: GraphOracle

  /// Gradients at random values in `range`.
  init(
    _ graph: Graph, _ random: inout SeededGenerator, in range: ClosedRange<Float> = -1...1
  ) throws {
    var inputs: [[Float]] = []
    for port in graph.inputs {
      inputs.append(random.floats(graph.shape(of: port.value).count, in: range))
    }
    let output = try #require(graph.nodes.last?.output)
    try self.init(graph, inputs, seed: random.floats(graph.shape(of: output).count))
  }

  /// Gradients at `inputs`.
  init(_ graph: Graph, _ inputs: [[Float]], seed: [Float]) throws {
    self.graph = graph
    self.inputs = inputs
    self.seed = seed
    oracle = GraphOracle(graph: graph, kernels: try #require(Kernels(.best)))
  }

  /// The gradients by way of the kernels: those of the inputs, and then those of the parameters.
  func found(threads: Int = 2, limit: Int? = nil) throws -> [[Float]] {
    var graph = graph
    let output = try #require(graph.nodes.last?.output)
    let names = graph.inputs.map(\.name)
    let seedValue = graph.addInput("seed", graph.shape(of: output))
    let gradients = graph.appendGradients(
      of: output, seedValue, withRespectTo: graph.inputs.dropLast().map(\.value),
      parameters: graph.allParameters)
    let all = gradients.values + gradients.parameters
    for (index, gradient) in all.enumerated() { graph.addOutput("\(index)", gradient) }
    var options = try ModelRun.options(threads: threads)
    options.memoryLimit = limit
    var result = [[Float]](repeating: [], count: all.count)
    try Session(graph, options, MemoryPool()).run(
      options,
      fill: { name, span in
        let values = names.firstIndex(of: name).map { inputs[$0] } ?? seed
        for index in values.indices { span[index] = values[index] }
      }, progress: { _ in }
    ) { name, span in
      if let index = Int(name) { result[index] = span.values }
    }
    return result
  }

  /// The same in f64.
  func twin() -> [[Double]] {
    let gradients = oracle.gradients(
      inputs.map { $0.map(Double.init) }, seed: seed.map(Double.init))
    return graph.inputs.map { gradients.values[$0.value] ?? [] }
      + graph.allParameters.map { gradients.parameters[$0] ?? [] }
  }

  /// Expects the kernels to agree with the twin.
  func expectRight(within tolerance: Double = 1e-5) throws {
    try Self.expect(found(), twin(), within: tolerance)
  }

  /// Expects tensors to agree, each relative to itself. Some gradients are 0 but for rounding errors, such as
  /// that of a bias that a norm takes away again: they are to be nothing beside the largest.
  static func expect(_ found: [[Float]], _ expected: [[Double]], within tolerance: Double) {
    #expect(found.count == expected.count)
    let norms = expected.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let largest = norms.max() ?? 0
    for index in found.indices {
      if norms[index] < 1e-10 * largest {
        let norm = found[index].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(norm <= 1e-6 * largest, "tensor \(index): \(norm) beside \(largest)")
      } else {
        let error = relativeError(found[index], expected[index])
        #expect(error <= tolerance, "tensor \(index): \(error)")
      }
    }
  }

  /// Expects the twin to agree with central differences.
  func expectTwinIsRight() throws {
    let exact = inputs.map { $0.map(Double.init) }
    func product(_ oracle: GraphOracle, _ inputs: [[Double]]) -> Double {
      zip(oracle.run(inputs), seed).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let step = 1e-4
    func difference(_ value: (Double) -> Double) -> Double {
      (value(step) - value(-step)) / (2 * step)
    }
    let ofInputs = exact.indices.map { input in
      exact[input].indices.map { index in
        difference { step in
          var moved = exact
          moved[input][index] += step
          return product(oracle, moved)
        }
      }
    }
    let ofParameters = graph.allParameters.map { parameter in
      (oracle.parameters[parameter] ?? []).indices.map { index in
        difference { step in
          var moved = oracle
          moved.parameters[parameter]?[index] += step
          return product(moved, exact)
        }
      }
    }
    for (index, pair) in zip(twin(), ofInputs + ofParameters).enumerated() {
      let difference = zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let norm = pair.1.reduce(0) { $0 + $1 * $1 }
      let error = (difference / max(norm, .leastNormalMagnitude)).squareRoot()
      #expect(error <= 1e-6, "tensor \(index): \(error)")
    }
  }
}
