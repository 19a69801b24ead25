import TestSupport
import Testing

@testable import VAECodec

/// Normal noise against what `torch.randn` draws.
@Suite struct TorchGeneratorTests {
  private static let seeds: [UInt64] = [0, 7, (1 << 32) + 5, 123_456_789]

  @Test(arguments: seeds, [1, 2, 5, 15, 16, 17, 31, 32, 100, 1024])
  func `a seed means what it means to PyTorch`(seed: UInt64, count: Int) throws {
    let reference = try ReferenceTensor(
      "seed_\(seed)_n_\(count)", in: Fixtures.path("sampling.safetensors"))
    var generator = TorchGenerator(seed: seed)
    let drawn = generator.normals(count)
    #expect(drawn.count == count)
    // The logarithm, the root and the cosine may each be off by an ulp or two of their results; the
    // radius is below 6, the angle's own rounding is 2π · 2⁻²⁴.
    for (index, (value, expected)) in zip(drawn, reference.values).enumerated() {
      #expect(abs(value - expected) <= 6 * 0x1p-21, "value \(index)")
    }
    #expect(relativeError(drawn, reference.values) <= 2e-7)
  }

  @Test func `the generator is the Mersenne Twister`() {
    // The 10000th output of the reference implementation with its default seed; it is also what the
    // C++ standard demands of std::mt19937.
    var generator = TorchGenerator(seed: 5489)
    for _ in 0..<9999 { _ = generator.next() }
    #expect(generator.next() == 4_123_659_995)
  }

  @Test func `only the lower half of a seed matters`() {
    var first = TorchGenerator(seed: 5)
    var second = TorchGenerator(seed: 0xDEAD_BEEF_0000_0005)
    #expect(first.normals(40) == second.normals(40))
  }

  @Test func `no values are drawn where none are asked for`() {
    var generator = TorchGenerator(seed: 1)
    #expect(generator.normals(0).isEmpty)
  }

  @Test func `a million values have the moments of the normal distribution`() {
    var generator = TorchGenerator(seed: 99)
    let values = generator.normals(1_000_000).map(Double.init)
    let mean = values.reduce(0, +) / 1e6
    let variance = values.reduce(0) { $0 + $1 * $1 } / 1e6 - mean * mean
    // Five standard errors: 1e-3 of the mean, 1.4e-3 of the variance.
    #expect(abs(mean) < 5e-3 && abs(variance - 1) < 7e-3)
    #expect(values.allSatisfy { $0.isFinite })
  }
}
