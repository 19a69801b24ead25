import TestSupport
import Testing
import VAE

/// Holds whole networks against what diffusers computed with the same weights.
@Suite struct ParityTests {
  /// The bound of the plain kernels: two correct f32 networks differ by the order of their sums.
  private static let bound = 1e-5

  /// A reference file: `reference` is the file's name, without its extension.
  struct Case: Sendable, CustomTestStringConvertible {
    let model: String
    let reference: String
    var testDescription: String { "\(model)/\(reference)" }

    init(_ model: String, _ reference: String = "reference") {
      (self.model, self.reference) = (model, reference)
    }

    func tensor(_ name: String) throws -> ReferenceTensor {
      try ReferenceTensor(name, in: Fixtures.path("models/\(model)/\(reference).safetensors"))
    }
  }

  private static let klCases =
    [
      "kl-bf16", "kl-encoder-quant", "kl-every-width", "kl-large-mean", "kl-names",
      "kl-no-attention", "kl-one-level", "kl-sd", "kl-sd3", "kl-statistics", "kl-x4", "kl-sdxl",
      "kl-flux1", "kl-flux2", "kl-flux2-whole", "kl-playground", "kl-cogview", "kl-overflow",
      "kl-asymmetric",
    ].map { Case($0) } + [
      Case("kl-no-attention", "reference-45x51"), Case("kl-sd", "reference-8x8"),
    ]

  private static let tinyCases = [
    Case("tiny"), Case("tiny-16"), Case("tiny-16", "reference-1x1"), Case("tiny-pooled"),
  ]

  @Test(arguments: klCases, InstructionSet.available)
  func `a small AutoencoderKL has the moments of diffusers`(
    reference: Case, set: InstructionSet
  ) throws {
    try expectEncoding(reference, "moments", set)
  }

  @Test(arguments: klCases, InstructionSet.available)
  func `a small AutoencoderKL decodes to the picture of diffusers`(
    reference: Case, set: InstructionSet
  ) throws {
    let moments = try reference.tensor("moments")
    let mean = Array(moments.values.prefix(moments.values.count / 2))
    try expectDecoding(reference, of: mean, height: moments.shape[2], width: moments.shape[3], set)
  }

  @Test(arguments: tinyCases, InstructionSet.available)
  func `a small AutoencoderTiny has the latent of diffusers`(
    reference: Case, set: InstructionSet
  ) throws {
    try expectEncoding(reference, "latent", set)
  }

  @Test(arguments: tinyCases, InstructionSet.available)
  func `a small AutoencoderTiny decodes to the picture of diffusers`(
    reference: Case, set: InstructionSet
  ) throws {
    let latent = try reference.tensor("latent")
    try expectDecoding(
      reference, of: latent.values, height: latent.shape[2], width: latent.shape[3], set)
  }

  @Test(arguments: [
    "tiny-halves", "tiny-halves/taesd_encoder.safetensors", "tiny-halves/taesd_decoder.safetensors",
    "tiny-one-file/taesd.safetensors",
  ])
  func `the original names of a tiny autoencoder change no bit`(path: String) throws {
    let reference = Case("tiny")
    let image = try reference.tensor("image")
    let latent = try reference.tensor("latent")
    let options = try ModelRun.options()
    let results = try ["tiny", path].map { name in
      let model = try ModelRun.open(name)
      return (
        try ModelRun.encode(
          model, ModelRun.channelsLast(image), height: image.shape[2], width: image.shape[3],
          options),
        try ModelRun.decode(
          model, latent.values, height: latent.shape[2], width: latent.shape[3], options)
      )
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
  }

  private func expectEncoding(_ reference: Case, _ name: String, _ set: InstructionSet) throws {
    let image = try reference.tensor("image")
    let encoded = try ModelRun.encode(
      ModelRun.open(reference.model), ModelRun.channelsLast(image), height: image.shape[2],
      width: image.shape[3], ModelRun.options(set))
    #expect(relativeError(encoded, try reference.tensor(name).values) <= Self.bound)
  }

  /// Decodes what the reference file decoded: `latent_in` where it has one, else `latent`.
  private func expectDecoding(
    _ reference: Case, of latent: [Float], height: Int, width: Int, _ set: InstructionSet
  ) throws {
    var (latent, height, width) = (latent, height, width)
    if let other = try? reference.tensor("latent_in") {
      (latent, height, width) = (other.values, other.shape[2], other.shape[3])
    }
    let picture = try ModelRun.decode(
      ModelRun.open(reference.model), latent, height: height, width: width, ModelRun.options(set))
    let expected = ModelRun.channelsLast(try reference.tensor("decoded"))
    #expect(relativeError(picture, expected) <= Self.bound)
    let differences = zip(eightBitSamples(picture), eightBitSamples(expected)).map { abs($0 - $1) }
    #expect(differences.allSatisfy { $0 <= 1 })
    // One sample in a thousand, and one of the smallest picture, may lie at a tie.
    #expect(differences.count { $0 > 0 } <= (differences.count + 999) / 1000)
  }
}
