import TestSupport
import Testing

@testable import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An activation with its f64 oracle.
struct ActivationOracle: Sendable, CustomTestStringConvertible {
  let activation: Activation
  let testDescription: String
  /// A bound of the derivative, by which an error of the argument grows.
  let slope: Double
  let function: @Sendable (Double) -> Double

  static let all = [
    ActivationOracle(activation: .identity, testDescription: "identity", slope: 1) { $0 },
    ActivationOracle(activation: .silu, testDescription: "silu", slope: 1.1) {
      // Its limit at −∞ is 0, its value there 0 · ∞.
      $0 / (1 + exp(-$0))
    },
    ActivationOracle(activation: .relu, testDescription: "relu", slope: 1) {
      $0.isNaN ? $0 : max($0, 0)
    },
    ActivationOracle(activation: .softClamp(limit: 3), testDescription: "soft clamp", slope: 1) {
      3 * tanh($0 / 3)
    },
    ActivationOracle(
      activation: .affine(scale: 2, shift: -1), testDescription: "affine", slope: 2
    ) { 2 * $0 - 1 },
  ]

  /// SiLU is 0 where exp(−x) is out of range: the true value is 88.3 · e^−88.3 at most.
  static let floor = 1e-36
}

/// The kernels that compute pointwise, against f64.
extension KernelsTests {
  @Test(arguments: ActivationOracle.all, InstructionSet.available)
  func `activations are accurate over their whole range`(
    oracle: ActivationOracle, set: InstructionSet
  ) throws {
    var inputs = (-40_000...40_000).map { Float($0) / 300 }
    inputs += (-2000...2000).map { Float($0) * 1e-5 }
    inputs += [0, -0.0, 1e-30, -1e-30, 88.3, -88.3, 88.4, -88.4, 87.3, -87.3]
    inputs += [
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 500, -500, 1e10, -1e10, 3e37, -3e37,
    ]
    let outputs = try activated(inputs, oracle.activation, set)
    // An affine map cancels near its root, where its own terms are the scale.
    let floor = oracle.activation == .affine(scale: 2, shift: -1) ? 0x1p-22 : ActivationOracle.floor
    for (input, output) in zip(inputs, outputs) {
      let exact = oracle.function(Double(input))
      #expect(isAccurate(output, exact, floor: floor), "at \(input): \(output), exact \(exact)")
    }
  }

  @Test(arguments: ActivationOracle.all, InstructionSet.available)
  func `NaN goes through every activation`(oracle: ActivationOracle, set: InstructionSet) throws {
    let inputs = (0..<40).map { $0 % 3 == 0 ? Float.nan : 1 }
    let outputs = try activated(inputs, oracle.activation, set)
    #expect(outputs.map(\.isNaN) == inputs.map(\.isNaN))
  }

  @Test(arguments: ActivationOracle.all, InstructionSet.available)
  func `infinity becomes the limit of the function`(
    oracle: ActivationOracle, set: InstructionSet
  ) throws {
    let outputs = try activated([.infinity, -.infinity], oracle.activation, set)
    for (output, input) in zip(outputs, [Double.infinity, -.infinity]) {
      #expect(isAccurate(output, oracle.function(input)))
    }
  }

  private func activated(
    _ inputs: [Float], _ activation: Activation, _ set: InstructionSet
  ) throws -> [Float] {
    let kernels = try #require(Kernels(set))
    var buffer = GuardedBuffer(inputs)
    unsafe buffer.withPointer {
      unsafe kernels.prologue(
        $0, pixels: inputs.count, channels: 1, norm: nil, activation, into: $0)
    }
    #expect(buffer.isIntact)
    return buffer.values
  }

  // MARK: Norm and activation on read

  @Test(arguments: InstructionSet.available, sizes)
  func `a norm and an activation are applied channel by channel`(
    set: InstructionSet, channels: Int
  ) throws {
    let kernels = try #require(Kernels(set))
    let seed = UInt64(channels + 3)
    var random = SeededGenerator(seed: seed)
    let norm = NormCoefficients(
      scale: random.floats(channels, in: -3...3), shift: random.floats(channels, in: -2...2))
    let source = random.floats(5 * channels, in: -4...4)
    for oracle in ActivationOracle.all {
      for inPlace in [false, true] {
        var input = GuardedBuffer(source)
        var output = GuardedBuffer([Float](repeating: -1, count: source.count))
        unsafe input.withPointer { input in
          unsafe output.withPointer { output in
            unsafe kernels.prologue(
              input, pixels: 5, channels: channels, norm: norm, oracle.activation,
              into: inPlace ? input : output)
          }
        }
        #expect(input.isIntact && output.isIntact)
        let found = inPlace ? input.values : output.values
        for (index, value) in source.enumerated() {
          let product = Double(value) * Double(norm.scale[index % channels])
          let shift = Double(norm.shift[index % channels])
          let exact = oracle.function(product + shift)
          // Two roundings of the argument, and those of the function itself.
          let bound =
            oracle.slope * 0x1p-23 * (abs(product) + abs(shift)) + 1e-6 * abs(exact) + 0x1p-22
          #expect(
            abs(Double(found[index]) - exact) <= bound, "\(oracle.testDescription), seed \(seed)")
        }
      }
    }
  }
}
