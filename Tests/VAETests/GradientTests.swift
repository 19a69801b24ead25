import TestSupport
import Testing

@testable import VAE

/// Gradients of operations and of whole decoders, against central differences of the same in f64.
@Suite struct GradientTests {
  /// The gradient of Σ seed · output by way of the kernels.
  private func gradient(
    _ graph: Graph, of inputs: [[Float]], seed: [Float], input: Int = 0, threads: Int = 2,
    limit: Int? = nil
  ) throws -> [Float] {
    var graph = graph
    let output = try #require(graph.nodes.last?.output)
    let seedValue = graph.addInput("seed", graph.shape(of: output))
    let gradient = graph.appendGradient(
      of: output, seedValue, withRespectTo: graph.inputs[input].value)
    graph.addOutput("gradient", gradient)
    var options = try ModelRun.options(threads: threads)
    options.memoryLimit = limit
    let names = graph.inputs.map(\.name)
    var result: [Float] = []
    try Session(graph, options, MemoryPool()).run(
      options,
      fill: { name, span in
        let values = (inputs + [seed])[names.firstIndex(of: name) ?? 0]
        for index in values.indices { span[index] = values[index] }
      }, progress: { _ in }
    ) { name, span in
      if name == "gradient" { result = span.indices.map { span[$0] } }
    }
    return result
  }

  /// The same by central differences in f64.
  private func differences(
    _ graph: Graph, of inputs: [[Float]], seed: [Float], input: Int = 0
  ) throws -> [Double] {
    let oracle = GraphOracle(graph: graph, kernels: try #require(Kernels(.best)))
    let exact = inputs.map { $0.map(Double.init) }
    func product(_ inputs: [[Double]]) -> Double {
      zip(oracle.run(inputs), seed).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let step = 1e-4
    return inputs[input].indices.map { index in
      var (above, below) = (exact, exact)
      above[input][index] += step
      below[input][index] -= step
      return (product(above) - product(below)) / (2 * step)
    }
  }

  private struct Case: CustomStringConvertible, Sendable {
    var description: String
    var channels = (3, 5)
    var size = (5, 7)
    var kernelSize = 3
    var upsamples = false
    var hasNorm = false
    var input = Activation.identity
    var output = Activation.identity
    var hasResidual = false
  }

  private static let cases = [
    Case(description: "3x3"), Case(description: "1x1", kernelSize: 1),
    Case(description: "3x3 by Winograd", channels: (16, 20), size: (9, 6)),
    Case(description: "upsampled", upsamples: true),
    Case(description: "upsampled by Winograd", channels: (16, 17), size: (5, 6), upsamples: true),
    Case(description: "norm and silu", channels: (6, 4), hasNorm: true, input: .silu),
    Case(description: "norm", channels: (4, 4), kernelSize: 1, hasNorm: true),
    Case(description: "relu and residual", channels: (4, 4), output: .relu, hasResidual: true),
    Case(
      description: "clamp on read, affine on write", input: .softClamp(limit: 3),
      output: .affine(scale: 2, shift: -1)),
    Case(description: "silu on read", input: .silu),
    Case(
      description: "norm, silu and itself as residual", channels: (8, 8), hasNorm: true,
      input: .silu, hasResidual: true),
  ]

  @Test(arguments: cases)
  private func `the gradient of a convolution is what differences say`(problem: Case) throws {
    var random = SeededGenerator(seed: 5)
    let (inChannels, outChannels) = problem.channels
    let shape = TensorShape(height: problem.size.0, width: problem.size.1, channels: inChannels)
    var graph = Graph()
    let input = graph.addInput("input", shape)
    func parameter(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> Graph.Parameter {
      graph.addParameter(StoredTensor(values: random.floats(count, in: range)))
    }
    let taps = problem.kernelSize * problem.kernelSize
    var convolution = Convolution(
      inChannels: inChannels, outChannels: outChannels, kernelSize: problem.kernelSize,
      padding: .all(problem.kernelSize / 2), weight: parameter(outChannels * inChannels * taps),
      bias: parameter(outChannels))
    convolution.upsamples = problem.upsamples
    convolution.inputActivation = problem.input
    convolution.outputActivation = problem.output
    var tensor = input
    if problem.hasNorm {
      convolution.norm = GroupNorm(
        groups: 2, epsilon: 1e-5, weight: parameter(inChannels, 0.5...1.5),
        bias: parameter(inChannels))
      // Statistics are gathered by the one who writes what is normalised.
      let first = Convolution(
        inChannels: inChannels, outChannels: inChannels, kernelSize: 1, padding: .all(0),
        weight: parameter(inChannels * inChannels), bias: nil)
      tensor = graph.append("first", first, inputs: [input])
    }
    let last = graph.append(
      "last", convolution, inputs: [tensor] + (problem.hasResidual ? [tensor] : []))
    let pixels = random.floats(shape.count)
    let seed = random.floats(graph.shape(of: last).count)
    let found = try gradient(graph, of: [pixels], seed: seed)
    let expected = try differences(graph, of: [pixels], seed: seed)
    #expect(relativeError(found, expected) <= 1e-5)
  }

  @Test(arguments: 0..<3)
  func `the gradients of attention are what differences say`(input: Int) throws {
    var random = SeededGenerator(seed: 8)
    let shape = TensorShape(height: 5, width: 6, channels: 4)
    var graph = Graph()
    let inputs = ["q", "k", "v"].map { graph.addInput($0, shape) }
    _ = graph.append("attention", Attention(scale: 0.5), inputs: inputs)
    let tensors = (0..<3).map { _ in random.floats(shape.count, in: -2...2) }
    let seed = random.floats(shape.count)
    let found = try gradient(graph, of: tensors, seed: seed, input: input)
    let expected = try differences(graph, of: tensors, seed: seed, input: input)
    #expect(relativeError(found, expected) <= 1e-5)
  }

  /// More queries than a block and more keys than one, on one thread and two: sums have one order.
  @Test func `attention over many pixels has one gradient`() throws {
    var random = SeededGenerator(seed: 9)
    let shape = TensorShape(height: 23, width: 25, channels: 3)
    var graph = Graph()
    let inputs = ["q", "k", "v"].map { graph.addInput($0, shape) }
    _ = graph.append("attention", Attention(scale: 0.5), inputs: inputs)
    let tensors = (0..<3).map { _ in random.floats(shape.count, in: -2...2) }
    let seed = random.floats(shape.count)
    let one = try gradient(graph, of: tensors, seed: seed, input: 1, threads: 1)
    #expect(try gradient(graph, of: tensors, seed: seed, input: 1, threads: 2) == one)
    let oracle = GraphOracle(graph: graph, kernels: try #require(Kernels(.best)))
    for index in [0, 700, shape.count - 1] {
      let ends = [1e-4, -1e-4].map { step in
        var moved = tensors.map { $0.map(Double.init) }
        moved[1][index] += step
        return zip(oracle.run(moved), seed).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
      #expect(abs((ends[0] - ends[1]) / 2e-4 - Double(one[index])) <= 1e-5)
    }
  }

  @Test(arguments: ["tiny", "kl-sd", "kl-no-attention", "kl-flux2"])
  func `the gradient of a decoder is what differences say`(name: String) throws {
    var random = SeededGenerator(seed: 21)
    let graph = try ModelRun.open(name).decoderGraph(height: 2, width: 3)
    let latent = random.floats(graph.shape(of: graph.inputs[0].value).count)
    let output = try #require(graph.nodes.last?.output)
    let seed = random.floats(graph.shape(of: output).count)
    let found = try gradient(graph, of: [latent], seed: seed)
    let expected = try differences(graph, of: [latent], seed: seed)
    #expect(relativeError(found, expected) <= 1e-4)
    #expect(try gradient(graph, of: [latent], seed: seed, threads: 1) == found)
  }

  @Test(arguments: ["tiny", "kl-no-attention"])
  func `a gradient has the same bytes in little memory`(name: String) throws {
    var random = SeededGenerator(seed: 22)
    let graph = try ModelRun.open(name).decoderGraph(height: 24, width: 32)
    let latent = random.floats(graph.shape(of: graph.inputs[0].value).count)
    let seed = random.floats(graph.shape(of: try #require(graph.nodes.last?.output)).count)
    let whole = try gradient(graph, of: [latent], seed: seed)
    let least = #expect(throws: MemoryPlan.LimitTooLow.self) {
      try gradient(graph, of: [latent], seed: seed, limit: 0)
    }
    let limit = try #require(least?.byteCount)
    #expect(try gradient(graph, of: [latent], seed: seed, threads: 1, limit: limit) == whole)
  }
}
