import Glibc
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Steps of AdamW on a whole model; see Tests/Reference/make_training.py.
@Suite struct TrainingTests {
  private static let path = Fixtures.path("training")
  private static let side = 16

  /// What came of some steps.
  private struct Run: Equatable {
    var losses: [[Double]] = []
    var scales: [Double] = []
    var weights: [Float] = []
    var tensors: [TrainableWeights.Tensor] = []
  }

  private static func tensor(_ name: String, _ file: String = "inputs") throws -> ReferenceTensor {
    try ReferenceTensor(name, in: "\(path)/\(file).safetensors")
  }

  /// The pictures and, for a step, the noise.
  private static func examples(step: Int) throws -> [TrainingNetwork.Example] {
    let (pictures, noise) = (try tensor("pictures"), try tensor("noise"))
    let count = pictures.shape[0]
    let noiseCount = noise.values.count / (noise.shape[0] * count)
    return (0..<count).map { index in
      let size = pictures.values.count / count
      return TrainingNetwork.Example(
        input: pictures.values[index * size..<(index + 1) * size].map { $0 / 127.5 - 1 },
        noise: Array(
          noise.values[
            (step * count + index) * noiseCount..<(step * count + index + 1) * noiseCount]))
    }
  }

  private static func pictures() throws -> [[UInt8]] {
    let pictures = try tensor("pictures")
    let size = pictures.values.count / pictures.shape[0]
    return stride(from: 0, to: pictures.values.count, by: size).map { start in
      pictures.values[start..<start + size].map { UInt8($0) }
    }
  }

  private static func train(_ likelihood: Likelihood, threads: Int) throws -> Run {
    let options = try ModelRun.options(threads: threads)
    let model = try Autoencoder(ModelFiles(path: "\(path)/model"))
    let weights = try TrainableWeights(copying: model, options.kernels)
    let network = TrainingNetwork(
      model.config, weights, height: side, width: side)
    var loss = NegativeELBO(
      likelihood: likelihood, logScale: log(likelihood == .gaussian ? 30.0 : 25), beta: 0.5)
    var settings = AdamOptimizer.Settings(beta2: 0.99, epsilon: 1e-5)
    var scaleOptimizer = AdamOptimizer(count: 1, settings)
    settings.decay = 0.01
    var optimizer = AdamOptimizer(count: weights.count, settings)
    let schedule = CosineSchedule(rate: 5e-4, steps: 40, warmUp: 3)
    var run = Run(tensors: weights.tensors)
    for index in 0..<10 {
      var step = try loss.step(network, pictures: pictures(), examples(step: index), options)
      let length = step.gradient.clip(toLength: 20)
      run.losses.append([step.reconstruction, step.divergence, length])
      run.scales.append(loss.logScale)
      weights.update { values in
        optimizer.update(
          &values, network.weightRange, against: step.gradient, rate: schedule[index])
      }
      var scale = [Float(loss.logScale)]
      scaleOptimizer.update(&scale, against: [Float(step.scaleSlope)], rate: schedule[index])
      loss.logScale = Double(scale[0])
    }
    run.weights = weights.values
    return run
  }

  @Test(arguments: Likelihood.allCases)
  func `ten steps are those of PyTorch, on any number of threads`(likelihood: Likelihood) throws {
    let run = try Self.train(likelihood, threads: 2)
    let file = likelihood.rawValue
    let losses = try Self.tensor("losses", file)
    #expect(losses.shape == [run.losses.count, 3])
    for (index, found) in run.losses.joined().enumerated() {
      let expected = Double(losses.values[index])
      #expect(
        abs(found / expected - 1) <= 1e-5, "number \(index): \(found) for \(expected)")
    }
    for (found, expected) in zip(run.scales, try Self.tensor("scales", file).values) {
      #expect(abs(found - Double(expected)) <= 1e-5)
    }
    #expect(run.tensors.count > 50)
    for tensor in run.tensors {
      let expected = try Self.tensor("after.\(tensor.name)", file)
      #expect(expected.shape == tensor.shape)
      let error = relativeError(Array(run.weights[tensor.range]), expected.values)
      #expect(error <= 1e-4, "\(tensor.name): \(error)")
    }
    #expect(try Self.train(likelihood, threads: 1) == run)
  }

  /// More examples than sums, so that some sums are longer than others.
  @Test func `a batch is the sum of its examples, whatever the threads`() throws {
    let model = try Autoencoder(ModelFiles(path: "\(Self.path)/model"))
    let weights = try TrainableWeights(copying: model, ModelRun.options().kernels)
    let network = TrainingNetwork(
      model.config, weights, height: Self.side, width: Self.side)
    let loss = NegativeELBO(likelihood: .laplace, logScale: 3, beta: 1)
    let examples = try (0..<3).flatMap { try Self.examples(step: $0) }.dropLast()
    let pictures = try (0..<3).flatMap { _ in try Self.pictures() }.dropLast()
    func step(_ range: Range<Int>, threads: Int) throws -> NegativeELBO.Step {
      try loss.step(
        network, pictures: Array(pictures[range]), Array(examples[range]),
        ModelRun.options(threads: threads))
    }
    let whole = try step(0..<5, threads: 3)
    for threads in [1, 2, 8] {
      let other = try step(0..<5, threads: threads)
      #expect(other.gradient == whole.gradient && other.loss == whole.loss)
    }
    let parts = try (0..<5).map { try step($0..<$0 + 1, threads: 2) }
    let mean = parts.reduce(0) { $0 + $1.loss } / 5
    #expect(abs(whole.loss / mean - 1) <= 1e-12)
    let sum = whole.gradient.indices.map { index in
      parts.reduce(0) { $0 + Double($1.gradient[index]) } / 5
    }
    #expect(relativeError(whole.gradient, sum) <= 1e-5)
  }
}
