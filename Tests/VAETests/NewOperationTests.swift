import TestSupport
import Testing

@testable import VAE

/// Operations that the engine has never seen, defined in this file alone: planner, runner, statistics and
/// files for what memory has no room for serve them as they do the engine's own.
@Suite struct NewOperationTests {
  @Test func `a norm reads the statistics that a new operation gathers`() throws {
    var random = SeededGenerator(seed: 71)
    let (shape, outChannels) = (TensorShape(height: 6, width: 10, channels: 4), 5)
    var graph = Graph()
    let input = graph.addInput("input", shape)
    let pooled = graph.append("pool", AveragePool(), inputs: [input])
    #expect(graph.shape(of: pooled) == TensorShape(height: 3, width: 5, channels: 4))
    let weight = random.floats(outChannels * 4)
    let norm = GroupNorm(
      groups: 2, epsilon: 1e-5,
      weight: graph.addParameter(StoredTensor(values: [1, 2, 3, 4])),
      bias: graph.addParameter(StoredTensor(values: [0, 1, 0, -1])))
    let convolution = Convolution(
      inChannels: 4, outChannels: outChannels, kernelSize: 1, padding: .all(0), norm: norm,
      weight: graph.addParameter(StoredTensor(values: weight)), bias: nil)
    graph.addOutput("output", graph.append("conv", convolution, inputs: [pooled]))
    #expect(graph.multiplyAdds == 3 * 5 * 4 + 3 * 5 * 5 * 4)

    let pixels = random.floats(shape.count)
    let found = try run(graph, ["input": pixels], threads: 2)["output"]
    let means = AveragePool.means(pixels.map(Double.init), shape)
    let normalised = Self.normalise(means, channels: 4, groups: 2, [1, 2, 3, 4], [0, 1, 0, -1])
    let expected = (0..<15 * outChannels).map { index in
      (0..<4).reduce(0.0) { sum, channel in
        sum + normalised[index / outChannels * 4 + channel]
          * Double(weight[index % outChannels * 4 + channel])
      }
    }
    #expect(relativeError(try #require(found), expected) <= 1e-5)
  }

  @Test func `a new operation writes over an input, and runs in parts where memory is short`()
    throws
  {
    var random = SeededGenerator(seed: 72)
    let shape = TensorShape(height: 40, width: 50, channels: 6)
    let (first, second) = (random.floats(shape.count), random.floats(shape.count))
    var graph = Graph()
    let a = graph.addInput("a", shape)
    let b = graph.addInput("b", shape)
    let sum = graph.append("sum", WeightedSum(factor: 2), inputs: [a, b])
    let difference = graph.append("difference", WeightedSum(factor: -0.5), inputs: [a, b])
    let all = graph.append("all", WeightedSum(factor: 3), inputs: [sum, difference])
    graph.addOutput("last", graph.append("last", WeightedSum(factor: 1), inputs: [a, all]))
    let whole = try run(graph, ["a": first, "b": second], threads: 1)
    let expected = zip(first, second).map { a, b in a + ((a + 2 * b) + 3 * (a - 0.5 * b)) }
    #expect(largestError(try #require(whole["last"]), expected.map(Double.init)) <= 1e-5)
    // Two inputs, and one tensor more while both are needed.
    #expect(try ExecutionPlan(graph, ModelRun.options()).memory.byteCount == 3 * 4 * shape.count)

    let options = try ModelRun.options(threads: 2)
    let plan = try ExecutionPlan(graph, options)
    var limited = options
    limited.memoryLimit = 0
    let least = #expect(throws: MemoryPlan.LimitTooLow.self) {
      try ExecutionPlan(graph, limited)
    }
    let limit = try #require(least?.byteCount)
    #expect(limit < plan.memory.byteCount)
    #expect(try run(graph, ["a": first, "b": second], threads: 2, limit: limit) == whole)
  }

  @Test func `a NaN is an error that names the layer`() throws {
    let shape = TensorShape(height: 2, width: 2, channels: 1)
    var graph = Graph()
    let input = graph.addInput("input", shape)
    graph.addOutput("output", graph.append("here", WeightedSum(factor: 1), inputs: [input, input]))
    #expect(throws: NonFiniteActivation(layer: "here")) {
      try run(graph, ["input": [1, 2, .nan, 4]], threads: 1)
    }
  }

  /// The outputs of `graph` by name.
  private func run(
    _ graph: Graph, _ inputs: [String: [Float]], threads: Int, limit: Int? = nil
  ) throws -> [String: [Float]] {
    var options = try ModelRun.options(threads: threads)
    let session = try Session(graph, options, MemoryPool())
    options.memoryLimit = limit
    var outputs: [String: [Float]] = [:]
    try session.run(
      options,
      fill: { name, span in
        for (index, value) in (inputs[name] ?? []).enumerated() { span[index] = value }
      }, progress: { _ in },
      read: { name, span in outputs[name] = span.values })
    return outputs
  }

  private static func normalise(
    _ values: [Double], channels: Int, groups: Int, _ weight: [Double], _ bias: [Double]
  ) -> [Double] {
    let size = channels / groups
    return values.indices.map { index in
      let group = index % channels / size
      let members = values.indices.filter { $0 % channels / size == group }.map { values[$0] }
      let mean = members.reduce(0, +) / Double(members.count)
      let variance =
        members.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(members.count)
      return (values[index] - mean) / (variance + 1e-5).squareRoot() * weight[index % channels]
        + bias[index % channels]
    }
  }
}

/// The mean of each square of 2x2 pixels, computed whole.
private struct AveragePool: Operation, ExecutionStep {
  var output = TensorShape(height: 0, width: 0, channels: 0)

  func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(
      height: inputs[0].height / 2, width: inputs[0].width / 2, channels: inputs[0].channels)
  }

  func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { output.count }

  func appendGradients(_ request: GradientRequest, to graph: inout Graph) -> OperationGradients {
    OperationGradients(inputs: [nil])
  }

  func step(_ request: StepRequest) -> any ExecutionStep {
    #expect(request.gathersStatistics)
    return AveragePool(output: request.output)
  }

  var name: String { "pool" }
  var multiplyAdds: Int { output.count }
  var workspace: Workspace {
    Workspace(shared: 2 * output.channels * MemoryLayout<Double>.stride)
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let (tensors, channels) = (context.tensors, output.channels)
    let sums = unsafe context.shared.assumingMemoryBound(to: Double.self)
    unsafe sums.update(repeating: 0, count: 2 * channels)
    let width = 2 * output.width
    for index in 0..<output.count {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: channels)
      let corner = 2 * (pixel / output.width) * width + 2 * (pixel % output.width)
      let mean = [0, 1, width, width + 1].reduce(Float(0)) {
        unsafe $0 + tensors.inputs[0][(corner + $1) * channels + channel] / 4
      }
      unsafe tensors.output[index] = mean
      unsafe sums[channel] += Double(mean)
      unsafe sums[channels + channel] += Double(mean * mean)
    }
    return unsafe TensorStatistics(output, chunkSums: sums, chunkCount: 1)
  }

  static func means(_ values: [Double], _ shape: TensorShape) -> [Double] {
    (0..<shape.count / 4).map { index in
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: shape.channels)
      let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width / 2)
      return [(0, 0), (0, 1), (1, 0), (1, 1)].reduce(0) { sum, corner in
        let place = (2 * row + corner.0) * shape.width + 2 * column + corner.1
        return sum + values[place * shape.channels + channel] / 4
      }
    }
  }
}

/// a + factor · b, in chunks of pixels, over either of its inputs.
private struct WeightedSum: Operation, ExecutionStep {
  let factor: Float
  var shape = TensorShape(height: 0, width: 0, channels: 0)
  private static let chunkPixels = 64

  init(factor: Float) { self.factor = factor }

  func outputShape(of inputs: [TensorShape]) -> TensorShape { inputs[0] }
  func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int { output.count }

  func appendGradients(_ request: GradientRequest, to graph: inout Graph) -> OperationGradients {
    let second = graph.append(
      "gradient", LinearCombination(factors: [factor]), inputs: [request.gradient])
    let parts = zip(request.others, [request.gradient, second])
    return OperationGradients(inputs: parts.map { graph.appendSum("sum", $1, $0) })
  }

  func step(_ request: StepRequest) -> any ExecutionStep {
    var step = self
    step.shape = request.output
    return step
  }

  var name: String { "sum" }
  var multiplyAdds: Int { shape.count }
  var workspace: Workspace { Workspace() }
  var replaceableInputs: [Int] { [0, 1] }

  var bands: BandPlan? {
    BandPlan(
      chunkCount: shape.pixelCount.dividedRoundingUp(by: Self.chunkPixels), chunksPerBand: 1,
      inPlaceBatches: [0..<shape.pixelCount.dividedRoundingUp(by: Self.chunkPixels)]
    ) { [shape] chunks in
      let first = chunks.lowerBound * Self.chunkPixels
      let pixels = first..<min(chunks.upperBound * Self.chunkPixels, shape.pixelCount)
      return [pixels, pixels, pixels]
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    try context.forEachPart { tensors, chunks in
      try unsafe context.forEach(chunks) { chunk, _ in
        let first = chunk * Self.chunkPixels * shape.channels
        let last = min(first + Self.chunkPixels * shape.channels, shape.count)
        var isFinite = true
        for index in first..<last {
          let sum = unsafe tensors.inputs[0][index] + factor * tensors.inputs[1][index]
          unsafe tensors.output[index] = sum
          isFinite = isFinite && sum.isFinite
        }
        return isFinite
      }
    }
    return nil
  }
}
