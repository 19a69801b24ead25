import VAECodec

/// What `vaecodec train` was asked for.
struct TrainOptions {
  /// Files and folders of pictures.
  let inputs: [String]
  let validation: TrainingPictures.Validation
  let start: Start
  let settings: TrainingSettings
  /// The folder of the model, without a slash at its end.
  let output: String
  let replaces: Bool
  let resumes: Bool
  let matte: Matte
  let maximumPixelCount: Int
  let resources: Resources
  let report: ResultFile?
  let style: ReportStyle

  /// The model to begin with.
  enum Start {
    case new(ModelDesign)
    case model(NamedModel, family: LatentFamily?, groups: Int?)
  }

  private static let size = OptionSpec(
    "size", placeholder: "N", synonyms: ["resolution", "crop", "image-size", "crop-size"],
    help: "train on pieces of NxN pixels, cut out at random; \(usual.side) unless given")
  private static let steps = OptionSpec(
    "steps", placeholder: "N", synonyms: ["iterations", "max-steps", "max-train-steps"],
    help: "take N steps; \(usual.steps) unless given")
  private static let batch = OptionSpec(
    "batch", placeholder: "N", synonyms: ["batch-size", "train-batch-size", "bs"],
    help: "pictures of a step; \(usual.batch) unless given")
  private static let seed = OptionSpec(
    CommonOptions.seed.name, placeholder: "N",
    help: "draw all that is random with this seed; \(usual.seed) unless given")
  private static let validation = OptionSpec(
    "validation", placeholder: "SHARE", value: .path,
    synonyms: ["val", "validation-split", "val-split", "validation-dir"],
    help: "keep that share of the pictures, at most 100 of them, or those in a FOLDER to see how "
      + "well the model has learnt; \(usualShare) unless given")
  private static let flip = OptionSpec(
    flag: "flip", synonyms: ["hflip", "random-flip", "mirror"],
    help: "show every other piece in a mirror; not for writing")
  private static let corrupt = OptionSpec(
    "corrupt", placeholder: "HOW", synonyms: ["noise", "mask", "denoise"],
    help: "learn to restore pictures: noise:SIGMA adds noise of that deviation in levels of 255, "
      + "mask:SHARE makes that share of the pixels grey (level \(Corruption.missingLevel)), mask:SHARE:N that of "
      + "squares of NxN pixels")
  private static let widths = OptionSpec(
    "widths", placeholder: "N,N,...", synonyms: ["channels", "block-out-channels", "ch"],
    help: "channels of each level, of which all but the first halve the sides; "
      + "\(ModelDesign().widths.map(String.init).joined(separator: ",")) unless given")
  private static let latentChannels = OptionSpec(
    "latent-channels", placeholder: "N", synonyms: ["z-channels", "latent-dim"],
    help: "channels of the latent; \(ModelDesign().latentChannels) unless given")
  private static let layers = OptionSpec(
    "layers", placeholder: "N", synonyms: ["layers-per-block", "num-res-blocks"],
    help: "residual blocks of a level; \(ModelDesign().layersPerBlock) unless given")
  private static let attention = OptionSpec(
    flag: "attention", help: "with an attention layer in the middle of both networks")
  private static let groups = OptionSpec(
    CommonOptions.groups.name, placeholder: "N",
    help: "groups of every group norm; as many as suit the widths unless given")
  private static let from = OptionSpec(
    "from", placeholder: "MODEL", value: .path,
    synonyms: ["model", "init", "finetune", "pretrained", "pretrained-model-name-or-path"],
    help: "go on from a model, as --model of other commands names it, in place of a new one")
  private static let only = OptionSpec(
    "only", placeholder: "PART", value: .words(of: TrainingSettings.Part.self),
    synonyms: ["train-only", "freeze", "decoder-only"],
    help:
      "the part of --from that learns: decoder (latents stay what they are), encoder or all; all "
      + "unless given")
  private static let likelihood = OptionSpec(
    "likelihood", placeholder: "NAME", value: .words(of: Likelihood.self),
    help: "how samples are taken to lie around the decoded ones: gaussian, or laplace for sharper "
      + "edges; gaussian unless given")
  private static let scale = OptionSpec(
    "scale", placeholder: "N", synonyms: ["sigma"],
    help: "the deviation of the likelihood in levels of 255, for laplace the mean distance; learnt "
      + "unless given")
  private static let beta = OptionSpec(
    "beta", placeholder: "N", synonyms: ["kl-weight", "kl", "kl-scale"],
    help: "what the divergence from the prior counts beside the reconstruction, both in nats a "
      + "picture: 1 unless given, 0.000001 with --from")
  private static let betaWarmUp = OptionSpec(
    "beta-warmup", placeholder: "N", synonyms: ["kl-warmup", "kl-anneal"],
    help: "let beta rise from 0 for N steps; 0 unless given")
  private static let rate = OptionSpec(
    "rate", placeholder: "N", synonyms: ["lr", "learning-rate"],
    help:
      "the rate of AdamW at its highest; \(usual.rate) unless given, with --from \(Self.rateFrom)"
  )
  private static let warmUp = OptionSpec(
    "warmup", placeholder: "N", synonyms: ["lr-warmup-steps", "warmup-steps"],
    help: "let the rate rise from 0 for N steps; \(usual.warmUp) unless given")
  private static let decay = OptionSpec(
    "weight-decay", placeholder: "N", synonyms: ["adam-weight-decay", "wd"],
    help: "decay of the weights; \(usual.weightDecay) unless given")
  private static let clip = OptionSpec(
    "clip", placeholder: "N", synonyms: ["max-grad-norm", "grad-clip", "gradient-clip"],
    help: "the longest gradient of a step, for each sample; \(usual.clip) unless given")
  private static let average = OptionSpec(
    "ema", placeholder: "N", synonyms: ["ema-decay"],
    help: "what the average of the weights, which is what is kept, keeps from step to step; "
      + "\(usual.averageDecay) unless given")
  private static let resume = OptionSpec(
    flag: "resume", synonyms: ["continue", "resume-from-checkpoint"],
    help:
      "go on with a training that was interrupted; with the same options the result is the same, "
      + "to the byte")
  private static let force = OptionSpec(
    flag: CommonOptions.force.name, synonyms: CommonOptions.force.synonyms,
    help: "begin anew, and replace the model in the folder")
  private static let report = OptionSpec(
    PageOptions.report.name, placeholder: "FILE", value: .path,
    synonyms: PageOptions.report.synonyms,
    help:
      "write a page for a web browser to FILE, such as page.html: curves, validation pictures as "
      + "the model makes them, draws from its prior")

  private static let usual = TrainingSettings()
  private static let usualShare = 0.1
  private static let rateFrom = 0.0001
  private static let betaFrom = 1e-6

  static let specs = [
    CommonOptions.output(help: "the folder of the model, such as digits-vae/"),
    size, steps, batch, seed, validation, flip, corrupt, widths, latentChannels, layers, attention,
    groups, from, only, CommonOptions.family, likelihood, scale, beta, betaWarmUp, rate, warmUp,
    decay, clip, average, resume, force, report, CommonOptions.matte, CommonOptions.threads,
    CommonOptions.maxPixels, CommonOptions.json, CommonOptions.progress, CommonOptions.quiet,
  ]

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    inputs = arguments.operands
    guard let output = arguments.string(CommonOptions.output) else {
      throw UsageError.missingOption(
        command: arguments.command.name, option: CommonOptions.output.spelling)
    }
    guard !output.isEmpty, output != "-", !InputFile.exists(output) || InputFile.isFolder(output)
    else {
      throw UsageError.invalidValue(
        option: CommonOptions.output.spelling, found: output,
        expected: .form("a folder, such as digits-vae/"))
    }
    let trimmed = output.reversed().drop { $0 == "/" }
    self.output = trimmed.isEmpty ? "/" : String(trimmed.reversed())
    start = try Self.start(arguments)
    settings = try Self.settings(arguments)
    validation = try Self.validation(arguments)
    replaces = arguments.has(Self.force)
    resumes = arguments.has(Self.resume)
    if replaces, resumes { throw UsageError.conflict(Self.force.spelling, Self.resume.spelling) }
    matte = try arguments.matte()
    maximumPixelCount = try arguments.maximumPixelCount()
    resources = try Resources(threads: arguments.integer(CommonOptions.threads, in: 1...1024))
    report = ResultFile(arguments, Self.report)
    style = try ReportStyle(arguments)
  }

  private static func start(_ arguments: ParsedArguments) throws -> Start {
    if arguments.has(from), let model = NamedModel(arguments, from) {
      for option in [widths, latentChannels, layers, attention] where arguments.has(option) {
        throw UsageError.conflict(from.spelling, option.spelling)
      }
      return .model(
        model, family: try arguments.choice(CommonOptions.family, of: LatentFamily.self),
        groups: try arguments.groups())
    }
    for option in [only, CommonOptions.family] where arguments.has(option) {
      throw UsageError.missingOption(
        command: "\(arguments.command.name) \(option.spelling)", option: from.spelling)
    }
    return .new(try design(arguments))
  }

  private static func design(_ arguments: ParsedArguments) throws -> ModelDesign {
    var design = ModelDesign()
    if let text = arguments.string(widths) {
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...8).contains(numbers.count),
        numbers.allSatisfy({ $0.map((1...16384).contains) ?? false })
      else {
        throw UsageError.invalidValue(
          option: widths.spelling, found: text,
          expected: .form("1 to 8 numbers with commas between, such as 16,32,64,64"))
      }
      design.widths = numbers.compactMap(\.self)
    }
    design.latentChannels =
      try arguments.integer(latentChannels, in: 1...1024) ?? design.latentChannels
    design.layersPerBlock = try arguments.integer(layers, in: 1...64) ?? design.layersPerBlock
    design.hasAttention = arguments.has(attention)
    design.groups = try arguments.groups()
    if let groups = design.groups, !design.widths.allSatisfy({ $0.isMultiple(of: groups) }) {
      throw UsageError.invalidValue(
        option: Self.groups.spelling, found: "\(groups)",
        expected: .form("a number that divides all of \(widths.spelling)"))
    }
    return design
  }

  private static func settings(_ arguments: ParsedArguments) throws -> TrainingSettings {
    var settings = usual
    if arguments.has(from) { (settings.rate, settings.beta) = (rateFrom, betaFrom) }
    settings.part = try arguments.choice(only, of: TrainingSettings.Part.self) ?? settings.part
    settings.side = try arguments.integer(size, in: 1...4096) ?? settings.side
    settings.steps = try arguments.integer(steps, in: 1...100_000_000) ?? settings.steps
    settings.batch = try arguments.integer(batch, in: 1...4096) ?? settings.batch
    settings.seed = try arguments.seed() ?? settings.seed
    settings.flips = arguments.has(flip)
    settings.likelihood =
      try arguments.choice(likelihood, of: Likelihood.self) ?? settings.likelihood
    settings.scale = try arguments.number(scale, in: 0.01...255)
    settings.beta = try arguments.number(beta, in: 0...1e6) ?? settings.beta
    settings.betaWarmUp = try arguments.integer(betaWarmUp, in: 0...settings.steps) ?? 0
    settings.rate = try arguments.number(rate, in: 0...1) ?? settings.rate
    settings.warmUp =
      try arguments.integer(warmUp, in: 0...settings.steps) ?? min(settings.warmUp, settings.steps)
    settings.weightDecay = try arguments.number(decay, in: 0...1) ?? settings.weightDecay
    settings.clip = try arguments.number(clip, in: 1e-6...1e6) ?? settings.clip
    settings.averageDecay = try arguments.number(average, in: 0...0.999999) ?? settings.averageDecay
    if let text = arguments.string(corrupt) {
      guard let corruption = Corruption(text) else {
        throw UsageError.invalidValue(
          option: corrupt.spelling, found: text,
          expected: .form(
            "noise:SIGMA with a number up to 255, or mask:SHARE or mask:SHARE:N with a share below 1"
          ))
      }
      if settings.part == .decoder {
        throw UsageError.conflict(corrupt.spelling, "\(only.spelling) decoder")
      }
      settings.corruption = corruption
    }
    return settings
  }

  private static func validation(
    _ arguments: ParsedArguments
  ) throws -> TrainingPictures.Validation {
    guard let text = arguments.string(validation) else { return .share(usualShare) }
    guard !InputFile.exists(text) else { return .pictures([text]) }
    guard let share = Double(text), share > 0, share < 1 else {
      throw UsageError.invalidValue(
        option: validation.spelling, found: text,
        expected: .form("a share above 0 and below 1, or a folder of pictures"))
    }
    return .share(share)
  }
}
