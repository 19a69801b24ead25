import TestSupport
import Testing

@testable import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The kernels that reduce: the epilogue's sums and its watch for NaN, and the running softmax.
extension KernelsTests {
  @Test(arguments: InstructionSet.available, sizes)
  func `the epilogue adds the bias, activates and sums`(set: InstructionSet, channels: Int) throws {
    let kernels = try #require(Kernels(set))
    let seed = UInt64(channels + 4)
    var random = SeededGenerator(seed: seed)
    let pixels = 37
    let values = random.floats(pixels * channels, in: -4...4)
    let bias = random.floats(channels)
    let before = (0..<2 * channels).map { Double($0) }
    for oracle in ActivationOracle.all {
      for hasBias in [false, true] {
        var buffer = GuardedBuffer(values)
        var sums = GuardedBuffer(before)
        let isFinite = unsafe buffer.withPointer { x in
          unsafe sums.withPointer { sums in
            unsafe (bias + [0]).withUnsafeBufferPointer { bias in
              unsafe kernels.epilogue(
                x, pixels: pixels, channels: channels, bias: hasBias ? bias.baseAddress : nil,
                oracle.activation, sums: sums)
            }
          }
        }
        #expect(isFinite && buffer.isIntact && sums.isIntact)
        for (index, value) in values.enumerated() {
          let added = hasBias ? Double(bias[index % channels]) : 0
          let exact = oracle.function(Double(value) + added)
          let bound =
            oracle.slope * 0x1p-23 * (abs(Double(value)) + abs(added)) + 1e-6 * abs(exact) + 0x1p-22
          #expect(abs(Double(buffer.values[index]) - exact) <= bound, "seed \(seed)")
        }
        expectSums(sums.values, before, of: buffer.values, channels)
      }
    }
  }

  /// The sums are of the written values, to the rounding of f64.
  private func expectSums(
    _ sums: [Double], _ before: [Double], of values: [Float], _ channels: Int
  ) {
    for channel in 0..<channels {
      let written = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
      let sum = written.reduce(before[channel], +)
      let squares = written.reduce(before[channels + channel]) { $0 + $1 * $1 }
      let magnitude = written.reduce(before[channel]) { $0 + abs($1) }
      #expect(abs(sums[channel] - sum) <= Double(written.count) * 0x1p-52 * magnitude)
      #expect(abs(sums[channels + channel] - squares) <= Double(written.count) * 0x1p-52 * squares)
    }
  }

  @Test(arguments: InstructionSet.available, [1, 7, 8, 9, 15, 16, 17, 31, 33])
  func `the epilogue sees a NaN or an infinity wherever it stands`(
    set: InstructionSet, channels: Int
  ) throws {
    let values = (0..<3 * channels).map { Float($0) - 4 }
    #expect(try isFinite(values, channels, set))
    for index in values.indices {
      for bad in [Float.nan, -.nan, .signalingNaN, .infinity, -.infinity] {
        var damaged = values
        damaged[index] = bad
        #expect(try !isFinite(damaged, channels, set), "\(bad) at \(index)")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the largest and the smallest numbers are finite`(set: InstructionSet) throws {
    let extremes: [Float] = [
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, -0.0,
    ]
    #expect(try isFinite(extremes, 5, set))
    #expect(try isFinite([], 5, set))
    #expect(try !isFinite(extremes, 5, set, bias: [Float](repeating: 3e38, count: 5)))
  }

  private func isFinite(
    _ values: [Float], _ channels: Int, _ set: InstructionSet, bias: [Float]? = nil
  ) throws -> Bool {
    let kernels = try #require(Kernels(set))
    var buffer = GuardedBuffer(values)
    return unsafe buffer.withPointer { x in
      unsafe (bias ?? []).withUnsafeBufferPointer {
        unsafe kernels.epilogue(
          x, pixels: values.count / channels, channels: channels,
          bias: bias == nil ? nil : $0.baseAddress, .identity, sums: nil)
      }
    }
  }

  // MARK: Softmax

  @Test(arguments: InstructionSet.available)
  func `exp is accurate from 0 down to where it vanishes`(set: InstructionSet) throws {
    let arguments = (0...90_000).map { -Float($0) / 1000 } + [-1e-8, -1e-30, -1000, -3e38]
    let step = try softmaxStep(
      arguments, rows: 1, scale: 1, maximum: [0], total: [0], set)
    for (argument, value) in zip(arguments, step.scores) {
      // exp is cut off at −87.3.
      #expect(isAccurate(value, exp(Double(argument)), floor: 1.3e-38), "exp(\(argument))")
    }
  }

  @Test(arguments: InstructionSet.available, [1, 7, 8, 9, 15, 16, 17, 31, 33, 100, 513])
  func `a running softmax in two steps is that of all scores`(
    set: InstructionSet, columns: Int
  ) throws {
    let seed = UInt64(columns + 5)
    var random = SeededGenerator(seed: seed)
    let (rows, scale) = (3, Float(0.25))
    // The second block raises the maximum of some rows and not of others.
    let blocks = [random.floats(rows * columns, in: -30...30), random.floats(rows * columns)]
    var (maximum, total) = (
      [Float](repeating: -.infinity, count: rows), [Float](repeating: 0, count: rows)
    )
    var scores: [[Float]] = []
    var corrections: [[Float]] = []
    for block in blocks {
      let step = try softmaxStep(
        block, rows: rows, scale: scale, maximum: maximum, total: total, set)
      (maximum, total) = (step.maximum, step.total)
      scores.append(step.scores)
      corrections.append(step.correction)
    }
    #expect(corrections[0] == [0, 0, 0])
    for row in 0..<rows {
      let exact = blocks.map { block in
        block[row * columns..<(row + 1) * columns].map { Double($0) * Double(scale) }
      }
      let largest = exact.joined().max() ?? 0
      #expect(Double(maximum[row]) == largest, "a scale of 1/4 rounds nothing; seed \(seed)")
      let sum = exact.joined().reduce(0) { $0 + exp($1 - largest) }
      let bound = 2e-6 + Double(columns) * 0x1p-24
      #expect(abs(Double(total[row]) - sum) <= bound * sum, "seed \(seed)")
      for (column, score) in exact[1].enumerated() {
        #expect(
          isAccurate(scores[1][row * columns + column], exp(score - largest), floor: 1e-7),
          "seed \(seed)")
      }
      let firstLargest = exact[0].max() ?? 0
      #expect(isAccurate(corrections[1][row], exp(firstLargest - largest)))
    }
  }

  @Test(arguments: InstructionSet.available, [1, 8, 9, 33])
  func `a NaN among the scores reaches the total`(set: InstructionSet, columns: Int) throws {
    for place in 0..<columns {
      var scores = [Float](repeating: 1, count: columns)
      scores[place] = .nan
      let step = try softmaxStep(scores, rows: 1, scale: 1, maximum: [-.infinity], total: [0], set)
      #expect(step.total[0].isNaN)
    }
  }

  /// What a step leaves.
  private struct SoftmaxStep {
    let scores: [Float]
    let maximum: [Float]
    let total: [Float]
    let correction: [Float]
  }

  private func softmaxStep(
    _ scores: [Float], rows: Int, scale: Float, maximum: [Float], total: [Float],
    _ set: InstructionSet
  ) throws -> SoftmaxStep {
    let kernels = try #require(Kernels(set))
    var (scores, maximum, total) = (
      GuardedBuffer(scores), GuardedBuffer(maximum), GuardedBuffer(total)
    )
    var correction = GuardedBuffer([Float](repeating: -1, count: rows))
    let columns = scores.values.count / rows
    unsafe scores.withPointer { scores in
      unsafe maximum.withPointer { maximum in
        unsafe total.withPointer { total in
          unsafe correction.withPointer { correction in
            unsafe kernels.softmaxStep(
              scores, rows: rows, columns: columns, stride: columns, scale: scale, maximum: maximum,
              total: total, correction: correction)
          }
        }
      }
    }
    #expect(scores.isIntact && maximum.isIntact && total.isIntact && correction.isIntact)
    return SoftmaxStep(
      scores: scores.values, maximum: maximum.values, total: total.values,
      correction: correction.values)
  }
}
