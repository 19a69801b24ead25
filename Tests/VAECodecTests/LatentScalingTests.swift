import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Raw and scaled latents, one to the other.
@Suite struct LatentScalingTests {
  @Test(arguments: [
    "kl-sd", "kl-sd3", "kl-no-attention", "kl-statistics", "kl-every-width", "kl-x4",
    "kl-sdxl", "kl-flux1", "kl-playground", "kl-cogview",
  ])
  func `scaled latents are those of the pipelines`(name: String) throws {
    let reference = Fixtures.path("models/\(name)/reference.safetensors")
    let moments = try ReferenceTensor("moments", in: reference)
    let scaled = try ReferenceTensor("scaled", in: reference)
    let space = try Codec(model: .path(Fixtures.path("models/\(name)"))).latentSpace
    let scaling = try #require(space.scaling)
    let mean = Array(moments.values.prefix(scaled.values.count))
    // The order of operations is the same: every value is, to the last bit.
    #expect(
      scaling.scaled(mean, channels: space.channels, width: moments.shape[3]) == scaled.values)
  }

  @Test(arguments: LatentFamily.allCases)
  func `what is scaled is undone`(family: LatentFamily) throws {
    guard let scaling = family.scaling else {
      #expect(family == .flux2, "FLUX.2 alone has no fixed scaling")
      return
    }
    let seed: UInt64 = 41
    var random = SeededGenerator(seed: seed)
    let raw = random.floats(family.channels * 6, in: -20...20)
    let scaled = scaling.scaled(raw, channels: family.channels, width: 3)
    let back = scaling.raw(scaled, channels: family.channels, width: 3)
    for (value, original) in zip(back, raw) {
      // Four roundings of terms not larger than the value and the mean.
      #expect(abs(value - original) <= 4 * 0x1p-23 * (abs(original) + 2), "seed \(seed)")
    }
  }

  @Test func `a channel has its own statistics`() {
    let scaling = LatentScaling(
      factor: 0.5, shift: 9, mean: [1, -2], standardDeviation: [4, 0.25])
    #expect(scaling.scaled([1, 5, -2, -1], channels: 2, width: 2) == [0, 0.5, 0, 2])
    #expect(scaling.raw([0, 0.5, 0, 2], channels: 2, width: 2) == [1, 5, -2, -1])
  }

  @Test func `the shift is taken off before the factor and added after it`() {
    let scaling = LatentScaling(factor: 2, shift: 3)
    #expect(scaling.scaled([3, 4], channels: 1, width: 2) == [0, 2])
    #expect(scaling.raw([0, 2], channels: 1, width: 2) == [3, 4])
  }

  @Test(arguments: [
    LatentScaling(factor: 0), LatentScaling(factor: .nan), LatentScaling(factor: .infinity),
    LatentScaling(factor: 1, shift: .nan),
    LatentScaling(factor: 1, shift: 0, mean: [1], standardDeviation: []),
    LatentScaling(factor: 1, shift: 0, mean: [1], standardDeviation: [1]),
    LatentScaling(factor: 1, shift: 0, mean: [1, .nan], standardDeviation: [1, 1]),
    LatentScaling(factor: 1, shift: 0, mean: [1, 1], standardDeviation: [1, 0]),
  ])
  func `a scaling that cannot be undone is not usable`(scaling: LatentScaling) {
    #expect(!scaling.isUsable(channels: 2))
  }

  @Test(arguments: LatentFamily.allCases)
  func `the scalings of the families are usable`(family: LatentFamily) {
    #expect(family.scaling?.isUsable(channels: family.channels) ?? true)
  }
}
