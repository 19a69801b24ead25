/// Where latents are drawn from, each with a seed of its own, so that a draw depends on nothing but its seed.
public enum LatentSampler: Sendable {
  /// Normal noise of a standard deviation on each value of a latent, in the units of its values. Around a latent
  /// of zeros, with a deviation of 1, it is the prior.
  case noise(around: Latent, deviation: Float)
  /// The distribution that an encoder made of a picture, its deviations multiplied by a temperature.
  case posterior(Latent, temperature: Float)
  /// A distribution that was fitted to latents, its deviations multiplied by a temperature.
  case density(LatentDensity, temperature: Float)

  /// The latent of `seed`.
  ///
  /// - Throws: `LatentError.noMoments` if the latent of `posterior` holds no distribution.
  public func latent(seed: UInt64) throws -> Latent {
    switch self {
    case .noise(let latent, let deviation): try latent.noisy(deviation: deviation, seed: seed)
    case .posterior(let latent, let temperature):
      try latent.sampled(seed: seed, temperature: temperature)
    case .density(let density, let temperature):
      try density.sampled(seed: seed, temperature: temperature)
    }
  }
}
