import TestSupport
import Testing

@testable import VAECodec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Latents in memory: units, samples and the distance from the normal distribution.
@Suite struct LatentTests {
  @Test(arguments: [
    "kl-sd", "kl-sd3", "kl-encoder-quant", "kl-no-attention", "kl-bf16", "kl-statistics",
  ])
  func `a sample is that of diffusers with the same seed`(name: String) throws {
    let path = Fixtures.path("models/\(name)/reference.safetensors")
    let latent = try moments(ReferenceTensor("moments", in: path))
    let sampled = try latent.sampled(seed: 7)
    let expected = try ReferenceTensor("sample_seed_7", in: path)
    #expect(sampled.posterior == .sample(seed: 7) && sampled.logVariance == nil)
    // kl-encoder-quant has log-variances beyond the clamp on both sides.
    #expect(relativeError(sampled.values, expected.values) <= 1e-6)
  }

  @Test func `a latent without moments cannot be sampled`() throws {
    let latent = try Latent(channels: 1, height: 1, width: 1, values: [0], units: .raw)
    #expect(throws: LatentError.noMoments) { try latent.sampled(seed: 1) }
    #expect(latent.kl == nil)
  }

  @Test func `a sample keeps what is known beside the values, and not the mean of the mirrored`()
    throws
  {
    let cache = TrainingCache(originalSize: [9, 8], crop: [0, 0, 9, 8], alphaMask: [1])
    let latent = try Latent(
      channels: 1, height: 1, width: 1, values: [1], logVariance: [0], flipped: [2], units: .raw,
      posterior: .moments, space: LatentSpace(.sd), encoderFingerprint: 5,
      picture: PictureInfo(width: 8, height: 8), cache: cache)
    let sample = try latent.sampled(seed: 1)
    #expect(sample.cache == cache && sample.flipped == nil)
    #expect(sample.space == latent.space && sample.picture == latent.picture)
    #expect(sample.encoderFingerprint == 5 && sample.units == .raw)
    #expect(latent.withoutVariance.flipped == [2] && latent.withoutVariance.cache == cache)
  }

  @Test func `numbers that do not fit are refused with what was found`() throws {
    func error(
      _ extents: [Int], _ values: [Float], logVariance: [Float]? = nil, flipped: [Float]? = nil,
      _ posterior: Latent.Posterior? = .mean
    ) -> LatentError? {
      #expect(throws: LatentError.self) {
        try Latent(
          channels: extents[0], height: extents[1], width: extents[2], values: values,
          logVariance: logVariance, flipped: flipped, units: .raw, posterior: posterior)
      }
    }
    #expect(error([1, 2, 1], [0]) == .wrongCount(.values, found: 1, extents: [1, 2, 1]))
    #expect(
      error([1, 1, 1], [0], flipped: []) == .wrongCount(.flipped, found: 0, extents: [1, 1, 1]))
    #expect(
      error([1, 1, 1], [0], logVariance: [1, 2], .moments)
        == .wrongCount(.logVariance, found: 2, extents: [1, 1, 1]))
    for extents in [[1, 0, 1], [-1, -1, 1], [.max, 2, 1]] {
      #expect(error(extents, [0]) == .impossibleExtents(extents))
    }
    #expect(error([1, 1, 1], [0], .moments) == .momentsMismatch(hasLogVariance: false))
    #expect(
      error([1, 1, 1], [0], logVariance: [0], nil) == .momentsMismatch(hasLogVariance: true))
    #expect(
      "\(LatentError.wrongCount(.flipped, found: 3, extents: [4, 1, 1]))"
        == "3 values of the mirrored picture for a latent of [4, 1, 1]")
  }

  @Test func `the mean stands by itself`() throws {
    let latent = try Latent(
      channels: 1, height: 1, width: 2, values: [1, 2], logVariance: [0, 0], units: .raw,
      posterior: .moments)
    #expect(latent.withoutVariance.posterior == .mean)
    #expect(latent.withoutVariance.values == [1, 2] && latent.withoutVariance.logVariance == nil)
    let sample = try Latent(
      channels: 1, height: 1, width: 1, values: [1], units: .raw, posterior: .sample(seed: 3))
    #expect(sample.withoutVariance == sample)
  }

  @Test func `the divergence in nats is that of normal distributions`() throws {
    func kl(_ mean: Float, _ logVariance: Float) throws -> Double {
      let latent = try Latent(
        channels: 1, height: 1, width: 1, values: [mean], logVariance: [logVariance],
        units: .raw, posterior: .moments)
      return try #require(latent.kl)
    }
    #expect(try kl(0, 0) == 0)
    #expect(try kl(3, 0) == 4.5)
    #expect(try abs(kl(0, 1) - 0.5 * (exp(1) - 2)) < 1e-12)
    // The log-variance is clamped to −30...20.
    #expect(try kl(0, -100) == kl(0, -30))
    #expect(try kl(0, 100) == kl(0, 20))
  }

  @Test func `values are given in the units asked for`() throws {
    let space = LatentSpace(
      family: "sd", channels: 1, spatialFactor: 8, scaling: LatentScaling(factor: 2, shift: 1))
    let raw = try Latent(
      channels: 1, height: 1, width: 1, values: [3], units: .raw, space: space)
    #expect(try raw.values(in: .raw) == [3])
    #expect(try raw.values(in: .scaled) == [4])
    let scaled = try Latent(channels: 1, height: 1, width: 1, values: [4], units: .scaled)
    #expect(try scaled.values(in: .scaled) == [4])
    #expect(try scaled.values(in: .raw, scaling: LatentScaling(factor: 2, shift: 1)) == [3])
    #expect(throws: LatentError.unknownScaling(scaled.space)) { try scaled.values(in: .raw) }
    // The latent's own space knows better than the caller.
    #expect(try raw.values(in: .scaled, scaling: LatentScaling(factor: 100)) == [4])
  }

  @Test func `the first value that is no number is found`() throws {
    func latent(_ values: [Float], _ logVariance: [Float]? = nil) throws -> Latent {
      try Latent(
        channels: 1, height: 1, width: values.count, values: values, logVariance: logVariance,
        units: .raw, posterior: logVariance == nil ? .mean : .moments)
    }
    #expect(try latent([1, 2]).firstNonFiniteIndex == nil)
    #expect(try latent([1, .nan, .infinity]).firstNonFiniteIndex == 1)
    #expect(try latent([1, 2], [0, -.infinity]).firstNonFiniteIndex == 1)
  }

  @Test func `statistics are of the values themselves`() {
    let statistics = ValueStatistics([9, 4, 4, 4, 5, 5, 7, 2])
    #expect((statistics.minimum, statistics.maximum) == (2, 9))
    #expect((statistics.mean, statistics.standardDeviation) == (5, 2))
  }

  private func moments(_ tensor: ReferenceTensor) throws -> Latent {
    let count = tensor.values.count / 2
    return try Latent(
      channels: tensor.shape[1] / 2, height: tensor.shape[2], width: tensor.shape[3],
      values: Array(tensor.values.prefix(count)), logVariance: Array(tensor.values.suffix(count)),
      units: .raw, posterior: .moments)
  }
}
