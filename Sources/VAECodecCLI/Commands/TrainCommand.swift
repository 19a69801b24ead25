import VAECodec

/// `vaecodec train`: a model that learns from pictures.
struct TrainCommand: Command {
  static let spec = CommandSpec(
    name: "train",
    summary: "train a VAE on pictures, a new one or one that there is",
    usage: [
      "vaecodec train PICTURES/ -o MODEL/ [options]",
      "vaecodec train PICTURES/ --from MODEL --only decoder -o MODEL/ [options]",
    ],
    operands: [
      .init(
        "PICTURES", isRepeatable: true,
        help: "a folder of PNG and JPEG pictures, or pictures; all are kept in memory")
    ],
    options: TrainOptions.specs,
    limits: [
      "The loss is the negative ELBO: what the pictures cost in nats, given what the decoder makes of "
        + "them, and beta times what their latents cost. There is no adversarial and no perceptual loss, so that "
        + "fine texture becomes soft: for digits, icons, thumbnails and textures, not for photographs."
    ],
    examples: [
      .init(
        line: "vaecodec train digits/ -o digits-vae/ --size 32 --beta 4 --report page.html",
        meaning: "a new model of 32x32 pictures, and a page that shows what it has learnt"),
      .init(
        line:
          "vaecodec train faces/ --from sd-vae/ --only decoder --size 256 --batch 2 -o faces-vae/",
        meaning: "a decoder that is better on such pictures, for the same latents"),
      .init(
        line: "vaecodec train scans/ --corrupt noise:25 -o denoiser/ --resume",
        meaning: "a model whose round trip takes noise away, from where an earlier run ended"),
    ])

  private let options: TrainOptions

  init(_ arguments: ParsedArguments) throws { options = try TrainOptions(arguments) }

  /// Seconds from one checkpoint to the next.
  private static let checkpointInterval = Duration.seconds(60)
  private static let checkpointName = "checkpoint.safetensors"

  func run() throws {
    let folder = options.output + "/"
    let place = folder + Self.checkpointName
    let isInterrupted = InputFile.exists(place)
    if isInterrupted, !options.resumes, !options.replaces {
      throw UnfinishedTraining(path: place)
    }
    if options.resumes, !isInterrupted, InputFile.exists(folder + "config.json") {
      guard let name = options.style.named(folder) else { return }
      return try Console.printLine("\(name): the training is finished")
    }
    try TrainedModel.check(options.output, replacing: options.replaces || options.resumes)
    try options.report?.check()
    let start = try start()
    let pictures = try pictures()
    var trainer = try Trainer(
      start, pictures, options.settings, resources: options.resources)
    if isInterrupted, options.resumes { try trainer.resume(from: place) }
    let reporter = TrainingReporter(options.settings, options.style, from: trainer.step)
    if let record = trainer.records.last { try reporter.report(record) }
    var written = ContinuousClock.now
    try trainer.run(
      report: reporter.report, progress: reporter.show,
      checkpoint: { bytes in
        guard ContinuousClock.now - written > Self.checkpointInterval else { return }
        try OutputFile.makeFolder(options.output)
        try OutputFile.write(bytes(), to: place, replacing: true)
        written = .now
      })
    let model = try trainer.model()
    try model.write(to: options.output, replacing: options.replaces || options.resumes)
    try OutputFile.remove(place)
    try reporter.report(model, in: folder)
    try writePage(of: model, in: folder, pictures)
  }

  private func start() throws -> Trainer.Start {
    switch options.start {
    case .new(let design): .new(design)
    case .model(let model, let family, let groups):
      .model(try model.codec(family: family, groups: groups, resources: options.resources))
    }
  }

  private func pictures() throws -> TrainingPictures {
    try TrainingPictures(
      at: options.inputs, validation: options.validation, side: options.settings.side,
      seed: options.settings.seed, matte: options.matte,
      maximumPixelCount: options.maximumPixelCount, resources: options.resources)
  }

  private func writePage(
    of model: TrainedModel, in folder: String, _ pictures: TrainingPictures
  ) throws {
    guard let file = options.report else { return }
    let codec = try Codec(model: .path(folder), resources: options.resources)
    try file.write(model.page(titled: "Training of \(folder)", codec, pictures).html())
    if let name = options.style.named(file.path) {
      try Console.printLine("\(name): report of the training")
    }
  }
}

/// A folder holds a training that did not come to its end.
private struct UnfinishedTraining: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path): a training that was interrupted; --resume goes on with it, --force begins anew"
  }
}
