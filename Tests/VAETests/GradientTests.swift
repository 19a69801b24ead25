import TestSupport
import Testing

@testable import VAE

/// Gradients of operations and of whole halves of models, with respect to inputs and to all parameters: those
/// of the kernels against those of plain loops in f64, and these against central differences.
@Suite struct GradientTests {
  private struct Case: CustomStringConvertible, Sendable {
    var description: String
    var channels = (3, 5)
    var size = (5, 7)
    var kernelSize = 3
    var stride = 1
    var padding: Convolution.Padding?
    var upsampling = Convolution.Upsampling.none
    var hasNorm = false
    var input = Activation.identity
    var output = Activation.identity
    var hasResidual = false
    var hasBias = true
  }

  private static let cases =
    [
      Case(description: "3x3"), Case(description: "1x1", kernelSize: 1),
      Case(description: "3x3 by Winograd", channels: (16, 20), size: (9, 6)),
      Case(description: "3x3 of wide panels", channels: (37, 50), size: (3, 4)),
      Case(description: "upsampled", upsampling: .nearest),
      Case(
        description: "upsampled by Winograd", channels: (16, 17), size: (5, 6),
        upsampling: .nearest),
      Case(description: "norm and silu", channels: (6, 4), hasNorm: true, input: .silu),
      Case(description: "norm", channels: (4, 4), kernelSize: 1, hasNorm: true),
      Case(
        description: "norm and relu, without bias", channels: (8, 3), kernelSize: 1, hasNorm: true,
        input: .relu, hasBias: false),
      Case(description: "relu and residual", channels: (4, 4), output: .relu, hasResidual: true),
      Case(
        description: "clamp on read, affine on write", input: .softClamp(limit: 3),
        output: .affine(scale: 2, shift: -1)),
      Case(description: "silu on read", input: .silu),
      Case(
        description: "silu on write, with residual", channels: (4, 4), output: .silu,
        hasResidual: true),
      Case(description: "clamp on write", output: .softClamp(limit: 1)),
      Case(
        description: "norm, silu and itself as residual", channels: (8, 8), hasNorm: true,
        input: .silu, hasResidual: true),
      Case(
        description: "norm, silu and a step of two", channels: (6, 4), size: (7, 6), stride: 2,
        padding: .bottomRight, hasNorm: true, input: .silu),
      Case(
        description: "a step of two over many pixels", channels: (16, 18), size: (19, 22),
        stride: 2,
        padding: .bottomRight, hasNorm: true, input: .silu),
      Case(
        description: "1x1 over many pixels", channels: (16, 9), size: (11, 13), kernelSize: 1,
        hasNorm: true, input: .silu),
      Case(
        description: "3x3 over many pixels", channels: (32, 48), size: (17, 20), hasNorm: true,
        input: .silu),
    ]
    + [(1, 1), (2, 3), (6, 6), (7, 6), (6, 7), (9, 11)].flatMap { size in
      [(4, 5), (16, 18)].flatMap { channels in
        [Convolution.Padding.all(1), .bottomRight].compactMap { padding in
          // Two pixels at least under kernels that nothing is padded before.
          padding == .bottomRight && size == (1, 1)
            ? nil
            : Case(
              description:
                "a step of two, \(channels.0) channels, \(size.0)x\(size.1), \(padding.top)",
              channels: channels, size: size, stride: 2, padding: padding)
        }
      }
    }

  private static func graph(_ problem: Case, _ random: inout SeededGenerator) -> Graph {
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
      padding: problem.padding ?? .all(problem.kernelSize / 2),
      weight: parameter(outChannels * inChannels * taps),
      bias: problem.hasBias ? parameter(outChannels) : nil)
    convolution.stride = problem.stride
    convolution.upsampling = problem.upsampling
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
    _ = graph.append(
      "last", convolution, inputs: [tensor] + (problem.hasResidual ? [tensor] : []))
    return graph
  }

  @Test(arguments: cases)
  private func `the gradients of a convolution are right`(problem: Case) throws {
    var random = SeededGenerator(seed: 5)
    let run = try GradientRun(Self.graph(problem, &random), &random)
    try run.expectRight()
    // Differences of many channels say nothing new, and take long.
    if problem.channels.0 <= 8 { try run.expectTwinIsRight() }
  }

  @Test func `the gradients of attention are right`() throws {
    var random = SeededGenerator(seed: 8)
    var graph = Graph()
    let inputs = ["q", "k", "v"].map {
      graph.addInput($0, TensorShape(height: 5, width: 6, channels: 4))
    }
    _ = graph.append("attention", Attention(scale: 0.5), inputs: inputs)
    let run = try GradientRun(graph, &random, in: -2...2)
    try run.expectRight()
    try run.expectTwinIsRight()
  }

  /// More queries than a block and more keys than one, on one thread and two: sums have one order.
  @Test func `attention over many pixels has one gradient`() throws {
    var random = SeededGenerator(seed: 9)
    var graph = Graph()
    let inputs = ["q", "k", "v"].map {
      graph.addInput($0, TensorShape(height: 23, width: 25, channels: 3))
    }
    _ = graph.append("attention", Attention(scale: 0.5), inputs: inputs)
    let run = try GradientRun(graph, &random, in: -2...2)
    try run.expectRight()
    #expect(try run.found(threads: 1) == run.found(threads: 2))
  }

  /// Several strips, of rows and of parts of rows, on one thread and two; of pixels, and of tiles where
  /// channels
  /// are multiples of 16.
  @Test(
    arguments: [
      (16, 17, 200, 40), (16, 17, 3, 4100), (16, 16, 205, 42), (16, 16, 3, 4100),
      (48, 32, 17, 21), (16, 64, 13, 14),
    ])
  func `the gradient of a weight over many pixels is right`(
    inChannels: Int, outChannels: Int, height: Int, width: Int
  ) throws {
    var random = SeededGenerator(seed: 10)
    var problem = Case(
      description: "", channels: (inChannels, outChannels), size: (height, width))
    problem.output = .silu
    let run = try GradientRun(Self.graph(problem, &random), &random)
    try run.expectRight()
    #expect(try run.found(threads: 1) == run.found(threads: 2))
  }

  @Test func `a parameter that two nodes read has the sum of both gradients`() throws {
    var random = SeededGenerator(seed: 11)
    var graph = Graph()
    var tensor = graph.addInput("input", TensorShape(height: 5, width: 4, channels: 3))
    let convolution = Convolution(
      inChannels: 3, outChannels: 3, kernelSize: 3, padding: .all(1),
      weight: graph.addParameter(StoredTensor(values: random.floats(81))),
      bias: graph.addParameter(StoredTensor(values: random.floats(3))))
    for name in ["first", "second"] {
      tensor = graph.append(name, convolution, inputs: [tensor])
    }
    let run = try GradientRun(graph, &random)
    try run.expectRight()
    try run.expectTwinIsRight()
  }
}
