import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Previews: fitted maps, and principal components.
@Suite struct PreviewTests {
  @Test(arguments: LatentFamily.allCases) func `a fitted map has a row for each channel`(
    family: LatentFamily
  ) {
    guard let colors = PreviewColors(family) else { return }
    #expect(colors.bias.count == 3 && colors.weights.count == family.channels)
    #expect(colors.weights.allSatisfy { $0.count == 3 })
    // A latent of zeros is a middle grey, as diffusion models take it to be.
    #expect(colors.bias.allSatisfy { (0.3...0.7).contains($0) })
  }

  @Test func `values whose sum is no number have a colour all the same`() throws {
    let equal = [Float](repeating: 3e38, count: 16)
    for values in [equal, equal.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }]
    {
      let latent = try Latent(
        channels: 16, height: 1, width: 1, values: values, units: .raw,
        space: LatentSpace(.sd3))
      #expect(latent.preview().image.width == 1)
    }
  }

  @Test func `raw and scaled values have one preview`() throws {
    let values = InterchangeFixtures.values(24)
    let space = LatentSpace(.sd)
    let scaled = try Latent(
      channels: 4, height: 2, width: 3, values: values, units: .scaled, space: space)
    let raw = try Latent(
      channels: 4, height: 2, width: 3, values: values.map { $0 / 0.18215 }, units: .raw,
      space: space)
    #expect(scaled.preview().image == raw.preview().image)
    #expect(scaled.preview().source == .fitted(.sd))
  }

  /// Values along three directions of known variance come out as the three colours.
  @Test(arguments: [3, 4, 16, 32]) func `principal components are found in their order`(
    channels: Int
  ) {
    var generator = SeededGenerator(seed: 5)
    let count = 64 * 64
    let signals = (0..<3).map { _ in generator.floats(count) }
    // Orthogonal directions: each signal alone in its channel, the weakest first.
    var values = [Float](repeating: 2, count: channels * count)
    for (index, strength) in [Float(1), 2, 4].enumerated() {
      for position in 0..<count {
        values[index * count + position] += strength * signals[index][position]
      }
    }
    let samples = PrincipalComponents(values, channels: channels).samples(
      of: values, count: count)
    // Uniform noise in -1...1 has a deviation of 1/√3; a colour's range is five deviations.
    for (color, index) in [2, 1, 0].enumerated() {
      let expected = signals[index].map { 255 * (0.5 + $0 * Float(3).squareRoot() / 5) }
      let difference = (0..<count).map { abs(Float(samples[3 * $0 + color]) - expected[$0]) }
      #expect((difference.max() ?? 255) < 12, "colour \(color)")
    }
  }

  @Test func `a latent of one value, of one channel or of two has a preview`() throws {
    for (channels, count) in [(1, 1), (1, 6), (2, 6), (4, 1)] {
      let latent = try Latent(
        channels: channels, height: 1, width: count,
        values: InterchangeFixtures.values(channels * count), units: .raw)
      let (image, source) = latent.preview()
      #expect(image.width == count && source == .principalComponents)
    }
    let constant = try Latent(
      channels: 4, height: 2, width: 2, values: [Float](repeating: 3, count: 16),
      units: .raw)
    #expect(constant.preview().image.color == .bits8([UInt8](repeating: 128, count: 12)))
  }
}
