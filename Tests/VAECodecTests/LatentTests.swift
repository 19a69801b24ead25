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

  @Test func `a latent without moments cannot be sampled`() {
    let latent = Latent(channels: 1, height: 1, width: 1, values: [0], convention: .raw)
    #expect(throws: CodecError.noMoments) { try latent.sampled(seed: 1) }
    #expect(latent.divergence == nil)
  }

  @Test func `the mean stands by itself`() {
    let latent = Latent(
      channels: 1, height: 1, width: 2, values: [1, 2], logVariance: [0, 0], convention: .raw,
      posterior: .moments)
    #expect(latent.withoutVariance.posterior == .mean)
    #expect(latent.withoutVariance.values == [1, 2] && latent.withoutVariance.logVariance == nil)
    let sample = Latent(
      channels: 1, height: 1, width: 1, values: [1], convention: .raw, posterior: .sample(seed: 3))
    #expect(sample.withoutVariance == sample)
  }

  @Test func `the divergence is that of normal distributions`() throws {
    func divergence(_ mean: Float, _ logVariance: Float) throws -> Double {
      let latent = Latent(
        channels: 1, height: 1, width: 1, values: [mean], logVariance: [logVariance],
        convention: .raw, posterior: .moments)
      return try #require(latent.divergence)
    }
    #expect(try divergence(0, 0) == 0)
    #expect(try divergence(3, 0) == 4.5)
    #expect(try abs(divergence(0, 1) - 0.5 * (exp(1) - 2)) < 1e-12)
    // The log-variance is clamped to −30...20.
    #expect(try divergence(0, -100) == divergence(0, -30))
    #expect(try divergence(0, 100) == divergence(0, 20))
  }

  @Test func `values are given in the units asked for`() throws {
    let space = LatentSpace(
      family: "sd", channels: 1, spatialFactor: 8, scaling: LatentScaling(factor: 2, shift: 1))
    let raw = Latent(
      channels: 1, height: 1, width: 1, values: [3], convention: .raw, space: space)
    #expect(try raw.values(in: .raw) == [3])
    #expect(try raw.values(in: .scaled) == [4])
    let scaled = Latent(channels: 1, height: 1, width: 1, values: [4], convention: .scaled)
    #expect(try scaled.values(in: .scaled) == [4])
    #expect(try scaled.values(in: .raw, scaling: LatentScaling(factor: 2, shift: 1)) == [3])
    #expect(throws: CodecError.unknownScaling(scaled.space)) { try scaled.values(in: .raw) }
    // The latent's own space knows better than the caller.
    #expect(try raw.values(in: .scaled, scaling: LatentScaling(factor: 100)) == [4])
  }

  @Test func `the first value that is no number is found`() {
    func latent(_ values: [Float], _ logVariance: [Float]? = nil) -> Latent {
      Latent(
        channels: 1, height: 1, width: values.count, values: values, logVariance: logVariance,
        convention: .raw, posterior: logVariance == nil ? .mean : .moments)
    }
    #expect(latent([1, 2]).firstNonFiniteIndex == nil)
    #expect(latent([1, .nan, .infinity]).firstNonFiniteIndex == 1)
    #expect(latent([1, 2], [0, -.infinity]).firstNonFiniteIndex == 1)
  }

  @Test func `statistics are of the values themselves`() {
    let statistics = ValueStatistics([9, 4, 4, 4, 5, 5, 7, 2])
    #expect((statistics.minimum, statistics.maximum) == (2, 9))
    #expect((statistics.mean, statistics.standardDeviation) == (5, 2))
  }

  private func moments(_ tensor: ReferenceTensor) -> Latent {
    let count = tensor.values.count / 2
    return Latent(
      channels: tensor.shape[1] / 2, height: tensor.shape[2], width: tensor.shape[3],
      values: Array(tensor.values.prefix(count)), logVariance: Array(tensor.values.suffix(count)),
      convention: .raw, posterior: .moments)
  }
}
