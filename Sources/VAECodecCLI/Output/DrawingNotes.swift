import VAECodec

/// What is known of how good the latents are that a command draws.
struct DrawingNotes {
  /// The word for where they are drawn from.
  let sourceName: String
  /// The units of the prior; nil where it is not drawn from.
  private(set) var priorUnits: Latent.Units?
  /// How far the model's raw latents are from the prior by its scaling, in bits a value; nil where that is not
  /// known or of no account.
  private(set) var priorBits: Double?
  /// How far a picture's distribution is from the prior, in bits a value; nil where there is none.
  private(set) var posteriorBits: Double?
  /// The latents that a distribution was fitted to; nil where none was.
  private(set) var latentCount: Int?
  /// The same in a sentence.
  let text: String

  /// Fewer latents make mixtures of them.
  private static let fewLatents = 50
  /// Nearer than this to the prior, in bits a value, its draws may be like a model's own latents.
  private static let nearBits = 1.0

  init(codec: Codec, source: SampleOptions.Source, sampler: LatentSampler) {
    switch (source, sampler) {
    case (.prior, .noise(let latent, _)):
      sourceName = "prior"
      priorUnits = latent.units
      priorBits = codec.latentSpace.scaling?.priorBitsPerValue
      text =
        "drawn from the standard normal prior of \(latent.units.rawValue) latents"
        + Self.expectation(codec, priorBits)
    case (_, .posterior(let latent, _)):
      sourceName = "posterior"
      posteriorBits = latent.klBitsPerValue
      text =
        "drawn from its own distribution, which is \((posteriorBits ?? 0).fixed(2)) bits a value from the "
        + "prior"
    case (_, .noise(_, let deviation)):
      sourceName = "noise"
      text =
        "holds no distribution; drawn with noise of deviation \(Double(deviation).fixed(2)) around it"
    case (_, .density(let density, _)):
      sourceName = "density"
      latentCount = density.latentCount
      let isFew = density.latentCount < Self.fewLatents
      text =
        "drawn from a normal distribution fitted to \(density.latentCount) latents"
        + (isFew ? ": so few make mixtures of them" : "")
    }
  }

  private static func expectation(_ codec: Codec, _ bits: Double?) -> String {
    guard codec.isOfDiffusionFamily else {
      guard let training = codec.training, let bits = codec.trainedDivergenceBits else {
        return "; --around PICTURE says how far the model's are from it"
      }
      return
        "; the model was trained with a beta of \(training.settings.beta.plain), and its posteriors are "
        + "\(bits.fixed(2)) bits a value from the prior"
    }
    guard let bits, bits > nearBits else { return ": expect noise, not pictures" }
    return ": expect noise, not pictures; by its scaling the model's raw latents are "
      + "\(bits.fixed(1)) bits a value from the prior"
  }
}
