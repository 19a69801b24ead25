import TestSupport
import Testing

@testable import VAECodec

/// Latents that are drawn: of the prior, around a latent, and of a fitted distribution.
@Suite struct LatentSamplerTests {
  private func codec(_ name: String) throws -> Codec {
    try Codec(model: .path(Fixtures.path("models/\(name)")))
  }

  private func latent(_ values: [Float], logVariance: [Float]? = nil) throws -> Latent {
    try Latent(
      channels: 1, height: 1, width: values.count, values: values, logVariance: logVariance,
      units: .raw, posterior: logVariance == nil ? .mean : .moments)
  }

  @Test func `a draw of the prior is PyTorch's noise of its seed`() throws {
    let prior = try codec("kl-sd").prior(width: 16, height: 24)
    let latent = try prior.latent(seed: 7)
    #expect([latent.channels, latent.height, latent.width] == [4, 3, 2])
    // torch.randn(1, 4, 3, 2) of seeds 7 and 8.
    #expect(
      relativeError(
        Array(latent.values.prefix(4)), [-0.82013452, 0.39563116, 0.89890850, -1.38840389]) < 1e-6)
    let next = try prior.latent(seed: 8).values
    #expect(relativeError(Array(next.prefix(2)), [-1.18920171, 1.39323485]) < 1e-6)
    #expect(latent.units == .scaled && latent.space?.family == "sd")
    let cold = try codec("kl-sd").prior(width: 16, height: 24, units: .raw, temperature: 0.5)
    #expect(try cold.latent(seed: 8).values == next.map { 0.5 * $0 })
    #expect(try cold.latent(seed: 8).units == .raw)
  }

  @Test func `the prior is that of raw latents where a model is of no diffusion family`() throws {
    #expect(try codec("kl-sd").priorUnits == .scaled)
    #expect(try codec("tiny").priorUnits == .scaled)
    let folder = try TemporaryFolder()
    for name in ["config.json", "diffusion_pytorch_model.safetensors"] {
      try folder.copy("models/kl-sd/\(name)", to: name)
    }
    let config = String(decoding: try folder.bytes(of: "config.json"), as: UTF8.self)
      .replacing("0.18215", with: "0.9")
    try folder.write(Array(config.utf8), to: "config.json")
    let own = try Codec(model: .path(folder.path))
    #expect(own.priorUnits == .raw && !own.isOfDiffusionFamily)
    #expect(throws: LatentError.self) {
      try own.prior(width: 64, height: 64, maximumPixelCount: 4095)
    }
  }

  @Test func `the distance from the prior is that of a normal distribution with the scaling`() {
    // 0.5 (s² + m² - 1 - ln s²) / ln 2 in f64, with s = 1 / factor and m = shift.
    let expected: [(LatentFamily, Double)] = [
      (.sd, 18.563185591091766), (.sdxl, 38.85759885472797), (.flux1, 3.3509067267181365),
      (.sd3, 0.20327921103451882), (.cogview, 0),
    ]
    for (family, bits) in expected {
      let scaling = family.scaling
      #expect(abs((scaling?.priorBitsPerValue ?? -1) - bits) < 1e-5 * max(bits, 1), "\(family)")
    }
    #expect((LatentFamily.playground.scaling?.priorBitsPerValue ?? 0) > 1)
  }

  @Test func `around a distribution the temperature multiplies its deviations`() throws {
    let moments = try latent([1, 2, 3], logVariance: [-2, 0, 1])
    let warm = try LatentSampler.posterior(moments, temperature: 2).latent(seed: 3)
    let plain = try moments.sampled(seed: 3)
    for index in 0..<3 {
      let mean = moments.values[index]
      #expect(abs(warm.values[index] - mean - 2 * (plain.values[index] - mean)) < 1e-5)
    }
    #expect(plain.posterior == .sample(seed: 3) && warm.posterior == nil)
    #expect(try LatentSampler.posterior(moments, temperature: 1).latent(seed: 3) == plain)
    #expect(
      try LatentSampler.posterior(moments, temperature: 0).latent(seed: 3).values == [1, 2, 3])
  }

  @Test func `a fitted distribution has the mean and the covariance of its latents`() throws {
    let fitted: [[Float]] = [[1, 0, 2], [3, 1, -1], [-2, 5, 0], [0, 2, 1], [2, -4, 3]]
    let density = try LatentDensity(fitted.map { try latent($0) })
    let draws = try (0..<4000).map { try density.sampled(seed: UInt64($0)).values }
    let (mean, covariance) = Self.moments(fitted, freedoms: fitted.count - 1)
    let (drawnMean, drawn) = Self.moments(draws, freedoms: draws.count)
    for i in 0..<3 {
      let error = (covariance[i][i] / Double(draws.count)).squareRoot()
      #expect(abs(drawnMean[i] - mean[i]) < 3 * error)
      for j in 0..<3 {
        // The standard error of a covariance of normal values.
        let square = covariance[i][i] * covariance[j][j] + covariance[i][j] * covariance[i][j]
        let error = (square / Double(draws.count)).squareRoot()
        #expect(abs(drawn[i][j] - covariance[i][j]) < 3 * error, "\(i), \(j)")
      }
    }
    #expect(try density.sampled(seed: 9, temperature: 0).values == mean.map { Float($0) })
  }

  private static func moments(
    _ rows: [[Float]], freedoms: Int
  ) -> (mean: [Double], covariance: [[Double]]) {
    let mean = (0..<3).map { i in rows.reduce(0) { $0 + Double($1[i]) } / Double(rows.count) }
    let covariance = (0..<3).map { i in
      (0..<3).map { j in
        rows.reduce(0) { $0 + (Double($1[i]) - mean[i]) * (Double($1[j]) - mean[j]) }
          / Double(freedoms)
      }
    }
    return (mean, covariance)
  }

  @Test func `too few latents, and latents of two sizes, have no distribution`() throws {
    #expect(throws: LatentError.tooFewLatents(1)) { try LatentDensity([latent([1])]) }
    #expect(throws: LatentError.tooFewLatents(0)) { try LatentDensity([]) }
    let error = #expect(throws: InputError.self) {
      try LatentDensity([latent([1]), latent([1, 2])], of: ["a.npy", "b.npy"])
    }
    #expect(error?.path == "b.npy")
  }
}
