import VAECodec

/// `vaecodec sample`: pictures of latents that are drawn at random.
struct SampleCommand: Command {
  static let spec = CommandSpec(
    name: "sample",
    summary: "draw latents at random and decode them",
    usage: [
      "vaecodec sample --size WxH -o GRID [options]",
      "vaecodec sample --around PICTURE -o GRID [options]",
      "vaecodec sample --from FOLDER -o GRID [options]",
    ],
    operands: [],
    options: SampleOptions.specs,
    limits: [
      "With the VAEs of Stable Diffusion, SDXL, SD3 and FLUX the prior gives noise, not pictures: they are "
        + "trained with hardly any weight on it, and diffusion models draw their latents instead.",
      "--around shows how much an encoder leaves open: with the built-in model two draws of a photograph "
        + "are 60 dB apart, two levels of 255 at most. --from mixes the latents that it is given: of 120 aligned "
        + "pictures of one digit it makes mostly such digits, of photographs a blur.",
    ],
    examples: [
      .init(
        line: "vaecodec sample --model digits/ --size 32x32 -n 64 -o grid.png",
        meaning: "64 pictures of the prior of a model that was trained with it"),
      .init(
        line: "vaecodec sample --model sd-vae/ --around photo.png -n 4 --seed 7 -o samples/",
        meaning: "four samples of a photo's distribution, the first as encode --seed 7 draws it"),
      .init(
        line: "vaecodec sample --from faces/ -n 16 --temperature 0.8 -o grid.png",
        meaning: "of a distribution that is fitted to pictures of one size"),
    ])

  private let options: SampleOptions

  init(_ arguments: ParsedArguments) throws { options = try SampleOptions(arguments) }

  /// What JSON says of where a picture was drawn from.
  private struct DrawReport: Encodable {
    let source: String
    let seed: UInt64
    let prior_units: String?
    let prior_kl_bits_per_dim: Double?
    let posterior_kl_bits_per_dim: Double?
    let latents: Int?
  }

  func run() throws {
    try options.output.sheet?.check()
    let model = try LoadedModel(options.model, options.style)
    let sampler = try sampler(model)
    let notes = DrawingNotes(codec: model.codec, source: options.source, sampler: sampler)
    if !options.style.isQuiet {
      Console.note([notes.text], of: options.output.batch.items.first?.input ?? "")
    }
    let seeds = (0..<options.count).map { options.seed &+ UInt64($0) }
    let maximumPixelCount = options.input.reading.maximumPixelCount
    try MadePictureReporter(
      model: model, output: options.output, maximumPixelCount: maximumPixelCount,
      style: options.style
    ).run(
      captions: seeds.map { "\($0)" },
      facts: { index in
        DrawReport(
          source: notes.sourceName, seed: seeds[index], prior_units: notes.priorUnits?.rawValue,
          prior_kl_bits_per_dim: notes.priorBits, posterior_kl_bits_per_dim: notes.posteriorBits,
          latents: notes.latentCount)
      }
    ) { progress, report in
      try model.codec.sample(
        options.output.batch, from: sampler, seed: options.seed, writing: options.output.writing,
        maximumPixelCount: maximumPixelCount, progress: progress, report: report)
    }
  }

  private func sampler(_ model: LoadedModel) throws -> LatentSampler {
    let inputs = ModelInputs(model: model, input: options.input, style: options.style)
    switch options.source {
    case .prior(let width, let height, let units):
      return try InputError.naming("--size \(width)x\(height)") {
        try model.codec.prior(
          width: width, height: height, units: units, temperature: options.temperature ?? 1,
          maximumPixelCount: options.input.reading.maximumPixelCount)
      }
    case .around(let path):
      let latents = try inputs.latents(at: [path])
      return try InputError.naming(path) {
        try model.codec.sampler(around: latents[0], temperature: options.temperature)
      }
    case .fitted(let path):
      let latents = try inputs.latents(in: path)
      return try InputError.naming(path) {
        .density(
          try LatentDensity(
            latents.map { try model.codec.comparable($0.latent) }, of: latents.map(\.path)),
          temperature: options.temperature ?? 1)
      }
    }
  }
}
