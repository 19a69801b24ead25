import TestSupport
import Testing

@testable import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Attention in blocks, against the whole matrix of scores in f64.
@Suite struct AttentionKernelTests {
  /// The sizes lie about those of the blocks: 96 queries and 512 keys.
  @Test(arguments: [1, 2, 95, 96, 97, 511, 513, 1100], InstructionSet.available)
  func `attention is the softmax over all keys`(tokens: Int, set: InstructionSet) throws {
    let seed = UInt64(tokens)
    var random = SeededGenerator(seed: seed)
    let channels = 12
    let problem = Problem(
      tokens: tokens, channels: channels, scale: 1 / Float(channels).squareRoot(),
      queries: random.floats(tokens * channels, in: -2...2),
      keys: random.floats(tokens * channels, in: -2...2),
      values: random.floats(tokens * channels))
    let run = try problem.run(set)
    #expect(run.isFinite)
    #expect(relativeError(run.values, problem.direct_slow()) <= 1e-5, "seed \(seed)")
  }

  /// Small integers have exact products, so that large scores add no error of their own.
  @Test(arguments: [129, 600], [Float(0.25), 4, 64])
  func `large scores neither overflow nor lose digits`(tokens: Int, scale: Float) throws {
    let seed = UInt64(tokens + 1)
    var random = SeededGenerator(seed: seed)
    let channels = 8
    let integers = (0..<2 * tokens * channels).map { _ in
      Float(Int.random(in: -9...9, using: &random))
    }
    let problem = Problem(
      tokens: tokens, channels: channels, scale: scale,
      queries: Array(integers.prefix(tokens * channels)),
      keys: Array(integers.suffix(tokens * channels)), values: random.floats(tokens * channels))
    let run = try problem.run(.best)
    #expect(run.isFinite)
    #expect(relativeError(run.values, problem.direct_slow()) <= 1e-5, "seed \(seed)")
  }

  @Test func `equal keys give the mean of the values`() throws {
    var random = SeededGenerator(seed: 4)
    let values = random.floats(700 * 4)
    let problem = Problem(
      tokens: 700, channels: 4, scale: 0.5, queries: random.floats(700 * 4),
      keys: [Float](repeating: 0.5, count: 700 * 4), values: values)
    let means = (0..<4).map { channel in
      stride(from: channel, to: values.count, by: 4).reduce(0) { $0 + Double(values[$1]) } / 700
    }
    let run = try problem.run(.best)
    // 700 values below 1 in f32, two roundings for each.
    let error = largestError(run.values, run.values.indices.map { means[$0 % 4] })
    #expect(error <= 700 * 0x1p-23)
  }

  @Test(arguments: [Float.nan, .infinity])
  func `a NaN or infinite value is reported`(bad: Float) throws {
    for tensor in 0..<3 {
      var tensors = [[Float]](repeating: [Float](repeating: 1, count: 130 * 4), count: 3)
      tensors[tensor][517] = bad
      let problem = Problem(
        tokens: 130, channels: 4, scale: 0.5, queries: tensors[0], keys: tensors[1],
        values: tensors[2])
      #expect(try !problem.run(.best).isFinite, "tensor \(tensor)")
    }
  }
}

/// Tensors for one attention.
private struct Problem {
  let tokens: Int
  let channels: Int
  let scale: Float
  let queries: [Float]
  let keys: [Float]
  let values: [Float]

  func run(_ set: InstructionSet) throws -> (values: [Float], isFinite: Bool) {
    let kernels = try #require(Kernels(set))
    let kernel = AttentionKernel(
      tokens: tokens, channels: channels, scale: scale, kernels: kernels,
      matrix: kernels.matrixKernel(.f32))
    var output = GuardedBuffer([Float](repeating: .nan, count: tokens * channels))
    var scratch = GuardedBuffer([Float](repeating: .nan, count: kernel.scratchByteCount / 4))
    var packed = GuardedBuffer([Float](repeating: .nan, count: kernel.packedByteCount / 4))
    var isFinite = true
    unsafe queries.withUnsafeBufferPointer { queries in
      unsafe keys.withUnsafeBufferPointer { keys in
        unsafe values.withUnsafeBufferPointer { values in
          unsafe output.withPointer { output in
            unsafe packed.withPointer { packed in
              unsafe scratch.withPointer { scratch in
                guard let queries = queries.baseAddress, let keys = keys.baseAddress,
                  let values = values.baseAddress
                else { return }
                let arguments = unsafe AttentionKernel.Arguments(
                  queries: queries, keys: keys, values: values, output: output, packed: packed)
                for block in 0..<kernel.packCount { kernel.pack(block: block, arguments) }
                for block in (0..<kernel.blockCount).reversed() {
                  let isBlockFinite = unsafe kernel.run(block: block, arguments, scratch: scratch)
                  isFinite = isFinite && isBlockFinite
                }
              }
            }
          }
        }
      }
    }
    #expect(output.isIntact && scratch.isIntact && packed.isIntact)
    return (output.values, isFinite)
  }

  func direct_slow() -> [Double] {
    let (q, k, v) = (queries.map(Double.init), keys.map(Double.init), values.map(Double.init))
    var result = [Double](repeating: 0, count: tokens * channels)
    var scores = [Double](repeating: 0, count: tokens)
    for query in 0..<tokens {
      for key in 0..<tokens {
        var sum = 0.0
        for channel in 0..<channels {
          sum += q[query * channels + channel] * k[key * channels + channel]
        }
        scores[key] = sum * Double(scale)
      }
      let largest = scores.max() ?? 0
      let weights = scores.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      for key in 0..<tokens {
        let weight = weights[key] / total
        for channel in 0..<channels {
          result[query * channels + channel] += weight * v[key * channels + channel]
        }
      }
    }
    return result
  }
}
