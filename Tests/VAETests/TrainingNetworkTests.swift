import Glibc
import TestSupport
import Testing

@testable import VAE

/// Weights that change between runs, and the graph that says how.
@Suite struct TrainingNetworkTests {
  private static func weights(_ name: String) throws -> (Autoencoder, TrainableWeights) {
    let model = try ModelRun.open(name)
    return (model, try TrainableWeights(copying: model, ModelRun.options().kernels))
  }

  /// The numbers of the pictures are their sums; the gradient is that of Σ seed · picture + Σ moments².
  private static func run(
    _ network: TrainingNetwork, _ examples: [TrainingNetwork.Example], seed: [Float],
    threads: Int = 2
  ) throws -> TrainingNetwork.Result {
    try network.run(
      examples, ModelRun.options(threads: threads),
      lossOfMoments: { _, moments in
        TrainingNetwork.Loss(
          [moments.reduce(0) { $0 + Double($1) * Double($1) }], gradient: moments.map { 2 * $0 })
      },
      lossOfPicture: { _, picture in
        TrainingNetwork.Loss(
          [zip(picture, seed).reduce(0) { $0 + Double($1.0) * Double($1.1) }], gradient: seed)
      })
  }

  @Test(arguments: ["training", "models/tiny"])
  func `the gradient of all weights is that of differences`(folder: String) throws {
    var random = SeededGenerator(seed: 71)
    let model = try Autoencoder(
      ModelFiles(path: Fixtures.path(folder == "training" ? "training/model" : folder)))
    let weights = try TrainableWeights(copying: model, ModelRun.options().kernels)
    let side = 2 * model.config.spatialFactor
    let network = TrainingNetwork(
      model.config, weights, height: side, width: side)
    let example = TrainingNetwork.Example(
      input: random.floats(side * side * 3), noise: random.floats(model.config.latentChannels * 4))
    let seed = random.floats(side * side * 3)
    let gradient = try Self.run(network, [example], seed: seed).gradient
    let direction = random.floats(weights.count)
    func value(_ step: Float) throws -> Double {
      weights.update { values in
        for index in values.indices { values[index] += step * direction[index] }
      }
      let result = try Self.run(network, [example], seed: seed)
      return (result.momentsNumbers + result.pictureNumbers).joined().reduce(0, +)
    }
    let step: Float = 0x1p-11
    let difference = (try value(step) - value(-2 * step)) / Double(2 * step)
    let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(slope / difference - 1) <= 2e-2, "\(slope) for \(difference)")
  }

  @Test func `weights that were prepared before a change are not used`() throws {
    var random = SeededGenerator(seed: 72)
    let (model, weights) = try Self.weights("kl-no-attention")
    let network = TrainingNetwork(
      model.config, weights, height: 16, width: 16)
    let example = TrainingNetwork.Example(
      input: random.floats(768), noise: random.floats(model.config.latentChannels * 16))
    let seed = random.floats(768)
    _ = try Self.run(network, [example], seed: seed)
    weights.update { values in
      for index in values.indices { values[index] *= 0.75 }
    }
    let fresh = TrainingNetwork(
      model.config, weights, height: 16, width: 16)
    let found = try Self.run(network, [example], seed: seed)
    #expect(try Self.run(fresh, [example], seed: seed).gradient == found.gradient)
  }

  @Test func `the gradient of a half is that half of the gradient`() throws {
    var random = SeededGenerator(seed: 73)
    let (model, weights) = try Self.weights("kl-no-attention")
    func network(_ half: AutoencoderHalf? = nil) -> TrainingNetwork {
      TrainingNetwork(model.config, weights, only: half, height: 8, width: 8)
    }
    let channels = model.config.latentChannels
    let example = TrainingNetwork.Example(
      input: random.floats(192), noise: [Float](repeating: 0, count: channels * 4))
    let seed = random.floats(192)
    let all = try Self.run(network(), [example], seed: seed)
    let encoder = try Self.run(network(.encoder), [example], seed: seed)
    #expect(encoder.gradient == Array(all.gradient[weights.range(of: .encoder)]))
    #expect(encoder.momentsNumbers == all.momentsNumbers)
    // Without noise the latent is the mean.
    let moments = try ModelRun.encode(
      model, example.input, height: 8, width: 8, ModelRun.options())
    let latent = TrainingNetwork.Example(input: Array(moments.prefix(channels * 4)))
    let decoder = try Self.run(network(.decoder), [latent], seed: seed)
    #expect(decoder.momentsNumbers.isEmpty)
    #expect(
      relativeError(decoder.gradient, Array(all.gradient[weights.range(of: .decoder)])) <= 1e-5)
  }

  @Test(arguments: ["kl-sd", "kl-one-level", "tiny"])
  func `a new model has the tensors of its configuration, drawn as PyTorch does`(name: String)
    throws
  {
    let (model, weights) = try Self.weights(name)
    var random = SeededGenerator(seed: 74)
    let new = try TrainableWeights(name: "new", model.config, using: &random)
    #expect(new.tensors == weights.tensors)
    let values = new.values
    for tensor in new.tensors {
      let elements = values[tensor.range]
      if tensor.name.contains("norm") {
        #expect(elements.allSatisfy { $0 == (tensor.name.hasSuffix("weight") ? 1 : 0) })
      } else if tensor.shape.count > 1 {
        let bound = 1 / Float(tensor.shape.dropFirst().reduce(1, *)).squareRoot()
        #expect(elements.allSatisfy { abs($0) <= bound })
        let variance = elements.reduce(0) { $0 + Double($1 * $1) } / Double(elements.count)
        let expected = Double(bound * bound) / 3
        #expect(abs(variance / expected - 1) <= 4 / Double(elements.count).squareRoot())
      }
    }
    var same = SeededGenerator(seed: 74)
    #expect(try TrainableWeights(name: "new", model.config, using: &same).values == values)
  }

  @Test func `a snapshot keeps what it was made of`() throws {
    let (_, weights) = try Self.weights("kl-one-level")
    let snapshot = try weights.store(of: weights.values)
    let before = weights.values
    weights.update { $0[0] += 1 }
    let first = try #require(weights.tensors.first)
    let kept = try snapshot.tensor(first.name, shape: first.shape)
    #expect(try ModelRun.options().kernels.floats(of: kept) == Array(before[first.range]))
    #expect(weights.values[0] == before[0] + 1)
  }

  @Test func `drawing from a posterior has the gradient of its formula`() throws {
    var random = SeededGenerator(seed: 75)
    let (channels, pixels) = (3, 20)
    var graph = Graph()
    let moments = graph.addInput(
      "moments", TensorShape(height: 4, width: 5, channels: 2 * channels))
    let noise = graph.addInput("noise", TensorShape(height: 4, width: 5, channels: channels))
    let drawn = graph.append("draw", Reparameterisation(), inputs: [moments, noise])
    graph.addOutput("drawn", drawn)
    let seed = graph.addInput("seed", graph.shape(of: drawn))
    let other = graph.addInput("other", graph.shape(of: moments))
    graph.addOutput(
      "gradient",
      graph.appendGradients(of: [(drawn, seed), (moments, other)], withRespectTo: [moments])
        .values[0])
    var inputs = [
      "moments": random.floats(2 * channels * pixels, in: -3...3),
      "noise": random.floats(channels * pixels), "seed": random.floats(channels * pixels),
      "other": random.floats(2 * channels * pixels),
    ]
    // Log-variances beyond both limits, and on one.
    for (index, value) in [(3, Float(20.5)), (4, -31), (5, -30)] {
      inputs["moments"]?[index] = value
    }
    inputs["noise"]?[0] = 1e-4
    var outputs: [String: [Float]] = [:]
    let options = try ModelRun.options()
    try Session(graph, options, MemoryPool()).run(
      options,
      fill: { name, span in
        for (index, value) in (inputs[name] ?? []).enumerated() { span[index] = value }
      }, progress: { _ in }
    ) { name, span in outputs[name] = span.values }
    let (found, gradient) = (try #require(outputs["drawn"]), try #require(outputs["gradient"]))
    for index in found.indices {
      let place = index / channels * 2 * channels + index % channels
      func input(_ name: String, _ index: Int) -> Double { Double(inputs[name]?[index] ?? .nan) }
      let logVariance = input("moments", place + channels)
      let deviation = exp(0.5 * min(max(logVariance, -30), 20))
      let expected = input("moments", place) + deviation * input("noise", index)
      #expect(isAccurate(found[index], expected, floor: 1e-6))
      let ofMean = input("seed", index) + input("other", place)
      #expect(isAccurate(gradient[place], ofMean, floor: 1e-6))
      let slope =
        logVariance < -30 || logVariance > 20
        ? 0 : 0.5 * deviation * input("noise", index) * input("seed", index)
      #expect(
        isAccurate(
          gradient[place + channels], slope + input("other", place + channels), floor: 1e-6))
    }
  }
}
