import VAECodec

/// The textbook's promises, one after the other, and the page that shows what became of them.
struct Textbook {
  private let folder: String
  private let output: String
  /// Pictures to learn from.
  private let training: [LabelledPicture]
  /// Pictures that no model has seen.
  private let heldOut: [LabelledPicture]

  /// - Parameters:
  ///   - pictures: a folder with the folders train and held-out, whose files are called CLASS-NUMBER.png.
  ///   - output: the folder that all goes to.
  /// - Throws: `FileError` and `InputError`.
  init(pictures: String, output: String) throws {
    folder = pictures
    self.output = output
    training = try LabelledPicture.all(in: "\(pictures)/train")
    heldOut = try LabelledPicture.all(in: "\(pictures)/held-out")
    try OutputFile.makeFolder(output)
  }

  /// Trains, draws, interpolates, finds anomalies, denoises and fills in, and writes the page.
  ///
  /// - Throws: what any of it throws.
  func run() throws {
    let start = ContinuousClock.now
    var page = ReportPage(
      title: "A variational autoencoder",
      facts: [
        ("pictures to learn from", "\(training.count)"), ("held out", "\(heldOut.count)"),
      ])
    var longer = Self.settings
    (longer.steps, longer.betaWarmUp) = (3 * longer.steps, 3 * longer.betaWarmUp)
    let model = try trained("vae", training, longer)
    try reconstruct(model, on: &page)
    try draw(model, on: &page)
    try interpolate(model, on: &page)
    try findAnomalies(on: &page)
    try denoise(on: &page)
    try fillIn(on: &page)
    try OutputFile.write(page.html(), to: "\(output)/textbook.html", replacing: true)
    let seconds = (ContinuousClock.now - start).components.seconds
    say("open in a browser: \(output)/textbook.html (made in \(seconds) s)")
  }

  // MARK: Models

  /// How the models are trained, some of them longer.
  static let settings: TrainingSettings = {
    var settings = TrainingSettings()
    settings.steps = 400
    settings.batch = 16
    settings.rate = 0.002
    settings.beta = 40
    settings.betaWarmUp = 133
    settings.weightDecay = 0.0001
    settings.averageDecay = 0.995
    return settings
  }()

  /// Trains a model and opens it.
  private func trained(
    _ name: String, _ pictures: [LabelledPicture], _ settings: TrainingSettings
  ) throws -> Codec {
    let path = "\(output)/\(name)"
    var options =
      "--size \(settings.side) --steps \(settings.steps) --batch \(settings.batch) "
      + "--rate \(settings.rate) --beta \(text(settings.beta, 0)) --beta-warmup \(settings.betaWarmUp) "
      + "--weight-decay \(settings.weightDecay) --ema \(settings.averageDecay)"
    if let corruption = settings.corruption { options += " --corrupt \(corruption)" }
    let source = pictures.count == training.count ? "\(folder)/train" : "\(pictures.count) PICTURES"
    say("\n> vaecodec train \(source) --validation \(folder)/held-out -o \(path)/ \(options)")
    let set = try TrainingPictures(
      at: pictures.map(\.path), validation: .pictures(heldOut.map(\.path)), side: settings.side)
    var trainer = try Trainer(.new(ModelDesign()), set, settings)
    try trainer.run { record in
      let loss = record.validation
      say(
        "  step \(record.step): \(text(record.psnr)) dB, divergence \(text(loss.divergence)) nats")
    }
    try trainer.model().write(to: path, replacing: true)
    return try Codec(model: .path(path))
  }

  // MARK: Promises

  private func reconstruct(_ model: Codec, on page: inout ReportPage) throws {
    let shown = spread(heldOut)
    let decoded = try heldOut.map { try model.decode(model.encode($0.image)) }
    let quality = psnr(of: decoded, heldOut.map(\.image))
    try page.add(
      sheet([shown.map(\.image), spread(decoded)], names: shown.map(\.name)),
      titled: "Encode and decode",
      caption:
        "Held-out pictures, and below them what the model makes of their latents: \(text(quality)) dB."
    )
    say("held-out pictures: \(text(quality)) dB")
  }

  private func draw(_ model: Codec, on page: inout ReportPage) throws {
    say("> vaecodec sample --model \(output)/vae --size 32x32 -n 64 -o grid.png")
    let prior = try model.prior(width: Self.settings.side, height: Self.settings.side)
    var sheet = ContactSheet(side: 60, columns: 16)
    for seed in 0..<64 {
      sheet.add(try model.decode(prior.latent(seed: UInt64(seed))), named: "")
    }
    try page.add(
      sheet.image(), titled: "Draw from the prior",
      caption: "What the decoder makes of noise: no picture has been encoded.")
  }

  private func interpolate(_ model: Codec, on page: inout ReportPage) throws {
    let (first, last) = (heldOut[0], heldOut[heldOut.count - 1])
    say(
      "> vaecodec interpolate \(first.path) \(last.path) --model \(output)/vae -n 9 -o strip.png")
    let way = try Interpolation(
      [first, last].map { try model.encode($0.image) }, codec: model, along: [.lerp, .pixel],
      count: 9)
    var sheet = ContactSheet(side: 64, columns: way.columnCount)
    for frame in way.frames {
      sheet.add(try model.picture(of: frame, in: way), named: frame.path.rawValue)
    }
    try page.add(
      sheet.image(), titled: "Go from one to the other",
      caption: "Above between the latents, below between the pixels.")
  }

  /// Finds the pictures of a class that a model has never seen by what it cannot reconstruct.
  private func findAnomalies(on page: inout ReportPage) throws {
    guard let unknown = heldOut.map(\.label).max() else { return }
    var settings = Self.settings
    (settings.steps, settings.betaWarmUp) = (600, 200)
    let model = try trained(
      "without-\(unknown)", training.filter { $0.label != unknown }, settings)
    let scored = try heldOut.map { picture in
      (picture, squaredError(try model.decode(model.encode(picture.image)), picture.image))
    }
    let area = areaUnderCurve(
      positive: scored.filter { $0.0.label == unknown }.map(\.1),
      negative: scored.filter { $0.0.label != unknown }.map(\.1))
    let worst = scored.sorted { $0.1 > $1.1 }.prefix(12).map(\.0)
    let decoded = try worst.map { try model.decode(model.encode($0.image)) }
    try page.add(
      sheet([worst.map(\.image), decoded], names: worst.map(\.name)),
      titled: "Find what is unlike the rest",
      caption:
        "The twelve held-out pictures that a model which has never seen a \(unknown) reconstructs worst. "
        + "Area under the curve of the error, for \(unknown) against all others: \(text(area, 3)).")
    say(
      "error of the class \(unknown), which was left out: area under the curve \(text(area, 3))")
  }

  private func denoise(on page: inout ReportPage) throws {
    var settings = Self.settings
    settings.beta = 1
    settings.corruption = .noise(deviation: 50)
    let model = try trained("denoiser", training, settings)
    let noisy = heldOut.enumerated().map { index, picture in
      Corruption.noise(deviation: 50).spoilt(picture.image, seed: UInt64(index))
    }
    let clean = heldOut.map(\.image)
    let decoded = try noisy.map { try model.decode(model.encode($0)) }
    let blurred =
      [6, 8, 10].map { step in
        psnr(of: noisy.map { blur($0, deviation: Double(step) / 10) }, clean)
      }.max() ?? 0
    try page.add(
      sheet(
        [noisy, decoded, clean].map(spread), names: spread(heldOut).map(\.name)),
      titled: "Take noise away",
      caption: "Noise of deviation 50 (\(text(psnr(of: noisy, clean))) dB), the round trip "
        + "(\(text(psnr(of: decoded, clean))) dB; the best Gaussian blur: \(text(blurred)) dB), and the truth."
    )
    say(
      "noise of deviation 50: \(text(psnr(of: noisy, clean))) dB, denoised "
        + "\(text(psnr(of: decoded, clean))) dB, by the best blur \(text(blurred)) dB")
  }

  private static let mask = Corruption.mask(share: 0.3, side: 8)

  private func fillIn(on page: inout ReportPage) throws {
    var settings = Self.settings
    settings.beta = 1
    settings.corruption = Self.mask
    let model = try trained("filler", training, settings)
    let clean = heldOut.map(\.image)
    let spoilt = heldOut.enumerated().map { index, picture in
      Self.mask.spoilt(picture.image, seed: UInt64(index))
    }
    let filled = try spoilt.map { try model.decode(model.encode($0)) }
    let smooth = spoilt.map(filledSmoothly)
    let qualities = [filled, smooth].map { psnr(of: $0, clean, where: spoilt) }
    try page.add(
      sheet(
        [spoilt, filled, clean].map(spread), names: spread(heldOut).map(\.name)),
      titled: "Fill in what is missing",
      caption:
        "Squares of 8x8 pixels are missing, three of ten. There the round trip is at \(text(qualities[0])) dB, "
        + "a smooth filling from their neighbours at \(text(qualities[1])) dB.")
    say(
      "missing pixels: filled in with \(text(qualities[0])) dB, smoothly \(text(qualities[1])) dB")
  }

  /// Twelve of as many as there are, of all classes.
  private func spread<Element>(_ all: [Element]) -> [Element] {
    (0..<12).map { all[$0 * (all.count - 1) / 11] }
  }

  /// Rows of pictures below each other.
  private func sheet(_ rows: [[Image]], names: [String]) throws -> Image {
    var sheet = ContactSheet(side: 64, columns: names.count)
    for row in rows {
      for (image, name) in zip(row, names) { sheet.add(image, named: name) }
    }
    return try sheet.image()
  }
}
