import TestSupport
import Testing

@testable import VAE

/// The statistics of group norms against two passes in f64.
@Suite struct TensorStatisticsTests {
  /// A tensor and the norm over it.
  struct Case: Sendable, CustomTestStringConvertible {
    let pixels: Int
    let channels: Int
    let groups: Int
    /// The mean over the deviation.
    let mean: Float
    var testDescription: String { "\(pixels)x\(channels) in \(groups), mean \(mean)" }
  }

  private static let cases = [
    Case(pixels: 1, channels: 4, groups: 2, mean: 0),
    Case(pixels: 1, channels: 4, groups: 4, mean: 3),
    Case(pixels: 33, channels: 6, groups: 3, mean: 0),
    Case(pixels: 5000, channels: 8, groups: 2, mean: 50),
    Case(pixels: 20000, channels: 4, groups: 1, mean: 1000),
  ]

  @Test(arguments: cases)
  func `coefficients are those of two passes in f64`(layout: Case) throws {
    let seed: UInt64 = 11
    var random = SeededGenerator(seed: seed)
    let values = random.floats(layout.pixels * layout.channels).map { $0 + layout.mean }
    let weight = random.floats(layout.channels, in: 0.5...1.5)
    let bias = random.floats(layout.channels)
    let norm = GroupNorm(groups: layout.groups, epsilon: 1e-6, weight: .unread, bias: .unread)
    let found = statistics(of: values, layout).coefficients(of: norm, weight: weight, bias: bias)
    let size = layout.channels / layout.groups
    for channel in 0..<layout.channels {
      let members = values.indices.filter { $0 % layout.channels / size == channel / size }
      let mean = members.reduce(0) { $0 + Double(values[$1]) } / Double(members.count)
      let squares = members.map { (Double(values[$0]) - mean) * (Double(values[$0]) - mean) }
      let variance = squares.reduce(0, +) / Double(members.count)
      let scale = Double(weight[channel]) / (variance + 1e-6).squareRoot()
      // Each addition of a chunk's sum rounds once, and E[x²] − E[x]² loses the digits by which E[x²]
      // exceeds the variance.
      let additions = Double(min(layout.pixels, 2048) + size)
      let lost = additions * 0x1p-53 * (mean * mean / (variance + 1e-6) + 1)
      #expect(lost < 1e-6, "the bound has a meaning")
      let bound = 0x1p-24 + lost
      #expect(abs(Double(found.scale[channel]) - scale) <= bound * scale, "seed \(seed)")
      let shift = Double(bias[channel]) - mean * scale
      #expect(
        abs(Double(found.shift[channel]) - shift) <= bound * (abs(mean * scale) + 1), "seed \(seed)"
      )
    }
  }

  @Test func `a flat tensor is divided by the root of epsilon alone`() {
    let layout = Case(pixels: 4096, channels: 2, groups: 1, mean: 0)
    let norm = GroupNorm(groups: 1, epsilon: 1e-6, weight: .unread, bias: .unread)
    let found = statistics(of: [Float](repeating: 0.1, count: 8192), layout)
      .coefficients(of: norm, weight: [1, 2], bias: [0.5, 0])
    // The variance of equal values is 0 up to f64 rounding, below 1e-15.
    #expect(abs(found.scale[0] - 1000) <= 0.001)
    #expect(abs(found.scale[1] - 2000) <= 0.002)
    #expect(abs(found.shift[0] - (0.5 - 100)) <= 0.001)
  }

  /// Statistics gathered as a convolution gathers them, in chunks of 2048 pixels.
  private func statistics(of values: [Float], _ layout: Case) -> TensorStatistics {
    let chunks = (layout.pixels + 2047) / 2048
    var sums = [Double](
      repeating: 0,
      count: TensorStatistics.chunkSumCount(chunkCount: chunks, channels: layout.channels))
    for (index, value) in values.enumerated() {
      let chunk = index / layout.channels / 2048
      let place = chunk * 2 * layout.channels + index % layout.channels
      sums[place] += Double(value)
      sums[place + layout.channels] += Double(value) * Double(value)
    }
    let shape = TensorShape(height: 1, width: layout.pixels, channels: layout.channels)
    return unsafe TensorStatistics(shape, chunkSums: sums, chunkCount: chunks)
  }
}
