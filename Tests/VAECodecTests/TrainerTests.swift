import Glibc
import TestSupport
import Testing

@testable import VAE
@testable import VAECodec

/// Whole trainings of small models.
@Suite struct TrainerTests {
  private let folder: TemporaryFolder
  private let pictures: TrainingPictures

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<12 {
      try folder.write(Self.picture(number).pngData(), to: "pictures/\(number).png")
    }
    pictures = try TrainingPictures(at: [folder.path("pictures")], side: 16)
  }

  /// A bar on a ground, at a place and of a colour of its own.
  private static func picture(_ number: Int, side: Int = 20) -> Image {
    Image(
      width: side, height: side,
      color: .bits8(
        (0..<3 * side * side).map { index in
          let (row, channel) = (index / 3 / side, index % 3)
          let isBar = (number..<number + 5).contains(row)
          return UInt8(isBar ? 60 + 15 * number : 30 * channel)
        }))
  }

  private static let design: ModelDesign = {
    var design = ModelDesign()
    design.widths = [8, 16]
    design.latentChannels = 3
    return design
  }()

  private static let settings: TrainingSettings = {
    var settings = TrainingSettings()
    (settings.side, settings.steps, settings.batch, settings.warmUp) = (16, 12, 5, 3)
    (settings.beta, settings.betaWarmUp, settings.averageDecay) = (0.5, 4, 0.8)
    settings.flips = true
    return settings
  }()

  private func trainer(
    _ settings: TrainingSettings = settings, from start: Trainer.Start = .new(design),
    threads: Int = 2
  ) throws -> Trainer {
    try Trainer(start, pictures, settings, resources: Resources(threads: threads))
  }

  private func write(_ trainer: Trainer, to name: String) throws -> [[UInt8]] {
    try trainer.model().write(to: folder.path(name))
    return try TrainedModel.File.allCases.map { try folder.bytes(of: "\(name)/\($0.rawValue)") }
  }

  @Test func `on any threads, and after an interruption, the same bytes come of it`() throws {
    var whole = try trainer()
    var checkpoints: [[UInt8]] = []
    try whole.run(checkpoint: { checkpoints.append(try $0()) })
    #expect(whole.step == 12 && checkpoints.count == 11)
    let files = try write(whole, to: "whole")
    var single = try trainer(threads: 1)
    try single.run()
    #expect(try write(single, to: "single") == files)
    for step in [1, 7] {
      let path = try folder.write(checkpoints[step - 1], to: "checkpoint")
      var resumed = try trainer(threads: 1)
      try resumed.resume(from: path)
      #expect(resumed.step == step)
      try resumed.run()
      #expect(try write(resumed, to: "resumed-\(step)") == files)
    }
    var other = Self.settings
    other.seed = 1
    var reseeded = try trainer(other)
    try reseeded.run()
    #expect(try write(reseeded, to: "other")[1] != files[1])
  }

  @Test(arguments: [
    (\TrainingSettings.beta, 2, "its beta was 0.5, and is now 2.0"),
    (\TrainingSettings.rate, 0.5, "its rate was 0.001, and is now 0.5"),
  ])
  func `a checkpoint of other settings is refused`(
    setting: WritableKeyPath<TrainingSettings, Double> & Sendable, value: Double, difference: String
  ) throws {
    let path = try firstCheckpoint(trainer())
    var settings = Self.settings
    settings[keyPath: setting] = value
    var other = try trainer(settings)
    #expect(throws: TrainingError.otherCheckpoint(path: path, difference: difference)) {
      try other.resume(from: path)
    }
  }

  @Test func `a checkpoint of other pictures, of another model or of nothing is refused`() throws {
    let path = try firstCheckpoint(trainer())
    func refusal(_ trainer: Trainer, _ path: String) -> String? {
      var trainer = trainer
      let error = #expect(throws: TrainingError.self) { try trainer.resume(from: path) }
      return error?.description
    }
    let fewer = try TrainingPictures(
      at: (1..<12).map { folder.path("pictures/\($0).png") }, side: 16)
    #expect(
      try refusal(Trainer(.new(Self.design), fewer, Self.settings), path)
        == "\(path): belongs to another training: its pictures were others")
    var narrow = Self.design
    narrow.widths = [8, 8]
    #expect(
      try refusal(trainer(from: .new(narrow)), path)
        == "\(path): belongs to another training: it began with other weights")
    let weights = Fixtures.path("models/tiny/diffusion_pytorch_model.safetensors")
    #expect(
      try refusal(trainer(), weights)
        == "\(weights): belongs to another training: it holds no training's state")
  }

  @Test func `other pictures, and other shares of the same, have other fingerprints`() throws {
    let picture = folder.path("pictures/0.png")
    let wide = try folder.write(
      TestPictures.smooth(width: 20, height: 10).pngData(), to: "wide.png")
    let tall = try folder.write(
      TestPictures.smooth(width: 10, height: 20).pngData(), to: "tall.png")
    func fingerprint(_ training: [String], _ validation: [String]) throws -> UInt64 {
      try TrainingPictures(at: training, validation: .pictures(validation), side: 8).fingerprint
    }
    let many = Array(repeating: picture, count: 257)
    let fingerprints = try [
      fingerprint([picture], many), fingerprint(many, [picture]), fingerprint([picture], [picture]),
      fingerprint([wide], [picture]), fingerprint([picture], [wide]),
      fingerprint([tall], [picture]),
    ]
    #expect(Set(fingerprints).count == fingerprints.count)
  }

  private func firstCheckpoint(_ trainer: Trainer) throws -> String {
    struct Enough: Error {}
    var trainer = trainer
    var path = ""
    #expect(throws: Enough.self) {
      try trainer.run(checkpoint: { bytes in
        path = try folder.write(bytes(), to: "checkpoint")
        throw Enough()
      })
    }
    return path
  }

  @Test func `the model that is written is the one that was measured`() throws {
    var settings = Self.settings
    (settings.steps, settings.rate, settings.batch) = (60, 0.004, 10)
    var trainer = try trainer(settings)
    try trainer.run()
    let model = try trainer.model()
    #expect(model.report.kept.psnr > trainer.records[0].psnr + 3)
    try model.write(to: folder.path("model"))
    let codec = try Codec(model: .path(folder.path("model")))
    #expect(codec.modelClass == "AutoencoderKL" && !codec.isOfDiffusionFamily)
    #expect(codec.assumptions.isEmpty && codec.priorUnits == .raw)
    var (squares, divergence) = (0.0, 0.0)
    for picture in pictures.validation {
      let image = picture.middleImage(side: 16)
      let moments = try codec.encode(image, posterior: .moments)
      divergence += try #require(moments.kl) / Double(pictures.validationCount)
      let psnr = try #require(try Comparison(image, codec.decode(moments)).psnr)
      squares += pow(10, -psnr / 10) / Double(pictures.validationCount)
    }
    #expect(abs(model.report.kept.psnr + 10 * log10(squares)) <= 1e-3)
    #expect(abs(divergence / model.report.kept.validation.divergence - 1) <= 1e-5)
    let page = try String(
      decoding: model.page(titled: "<t>", codec, pictures).html(), as: UTF8.self)
    #expect(page.contains("<h1>&lt;t&gt;</h1>") && page.contains("Draws from the prior"))
    #expect(!page.contains("://") && page.contains("PSNR of validation pictures"))
  }

  @Test func `a decoder that is trained alone leaves the encoder as it is`() throws {
    for name in ["kl-names", "tiny"] {
      let codec = try Codec(model: .path(Fixtures.path("models/\(name)")))
      var settings = Self.settings
      (settings.part, settings.rate, settings.beta) = (.decoder, 0.01, 0)
      var trainer = try trainer(settings, from: .model(codec))
      try trainer.run()
      try trainer.model().write(to: folder.path(name))
      let tuned = try Codec(model: .path(folder.path(name)))
      #expect(tuned.encoderFingerprint == codec.encoderFingerprint)
      #expect(tuned.latentSpace == codec.latentSpace && tuned.modelClass == codec.modelClass)
      let image = pictures.validation[0].middleImage(side: 16)
      let latent = try codec.encode(image)
      #expect(try tuned.encode(image).values == latent.values)
      #expect(try tuned.decode(latent) != codec.decode(latent))
      #expect(
        trainer.records.map(\.validation.divergence).allSatisfy {
          $0 == trainer.records[0].validation.divergence
        })
    }
  }

  @Test func `a decoder that is trained alone goes on after an interruption`() throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-names")))
    var settings = Self.settings
    (settings.part, settings.rate, settings.beta) = (.decoder, 0.01, 0)
    func start() throws -> Trainer { try trainer(settings, from: .model(codec)) }
    var (whole, resumed) = try (start(), start())
    try whole.run()
    try resumed.resume(from: firstCheckpoint(start()))
    try resumed.run()
    #expect(try write(resumed, to: "resumed") == write(whole, to: "whole"))
  }

  @Test(arguments: TrainingSettings.Part.allCases)
  func `a model that is not better than the one to begin with is not written`(
    part: TrainingSettings.Part
  ) throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-names")))
    var settings = Self.settings
    (settings.part, settings.rate, settings.steps) = (part, 0, 2)
    var trainer = try trainer(settings, from: .model(codec))
    try trainer.run()
    let error = #expect(throws: TrainingError.self) { try trainer.model() }
    #expect(error?.description.hasPrefix("the model was not written: ") == true)
  }

  @Test func `an epoch shows every picture once, and pieces lie inside`() {
    var settings = Self.settings
    settings.batch = 4
    var draws = TrainingDraws(settings, pictures.training, grid: 1)
    let pieces = (0..<11).flatMap { draws.pieces(step: $0) }
    for epoch in 0..<4 {
      let seen = pieces[epoch * 11..<epoch * 11 + 11].map(\.picture)
      #expect(seen.sorted() == Array(0..<11))
    }
    #expect(pieces.prefix(11).map(\.picture) != pieces.dropFirst(11).prefix(11).map(\.picture))
    #expect(Set(pieces.map(\.x)) == Set(0...4) && Set(pieces.map(\.y)) == Set(0...4))
    #expect(Set(pieces.map(\.isFlipped)) == [false, true])
    var coarse = TrainingDraws(settings, pictures.training, grid: 4)
    #expect(Set((0..<11).flatMap { coarse.pieces(step: $0) }.map(\.x)) == [0, 4])
  }

  @Test func `the pieces of a latent are those of the picture, in the mirror too`() throws {
    // A factor of 1 and an encoder that any pixel by itself would do for: its latent moves as the picture does.
    let codec = try Codec(model: .path(Fixtures.path("models/tiny")))
    var settings = Self.settings
    settings.part = .decoder
    let factor = codec.latentSpace.spatialFactor
    let wide = try TrainingPictures(
      at: [folder.write(TestPictures.smooth(width: 40, height: 32).pngData(), to: "a.png")],
      validation: .pictures([folder.path("pictures/0.png")]), side: 16)
    let latents = try TrainingLatents(
      wide.training, settings, codec.autoencoder, Resources().executionOptions())
    let whole = try codec.encode(
      Image(
        width: 40, height: 32,
        color: .bits8(
          wide.training[0].piece(x: 0, y: 0, width: 40, height: 32, isFlipped: true))))
    let piece = TrainingDraws.Piece(
      picture: 0, x: 2 * factor, y: factor, isFlipped: true, generator: TorchGenerator(seed: 0))
    let (width, side) = (40 / factor, 16 / factor)
    let column = width - 2 - side
    let expected = (0..<codec.latentSpace.channels).flatMap { channel in
      (1..<1 + side).flatMap { row in
        (column..<column + side).map {
          whole.values[(channel * (32 / factor) + row) * width + $0]
        }
      }
    }
    #expect(latents.piece(piece) == expected)
  }

  @Test(arguments: ["noise:25", "mask:0.3", "mask:0.3:4"])
  func `spoilt pictures follow from the seed`(name: String) throws {
    let corruption = try #require(Corruption(name))
    #expect(corruption.description == name)
    let image = TestPictures.smooth(width: 64, height: 48)
    let spoilt = corruption.spoilt(image, seed: 3)
    #expect(spoilt == corruption.spoilt(image, seed: 3))
    #expect(spoilt != corruption.spoilt(image, seed: 4))
    guard case .bits8(let before) = image.color, case .bits8(let after) = spoilt.color else {
      Issue.record("not of 8 bits")
      return
    }
    let changed = zip(before, after).filter { $0 != $1 }
    switch corruption {
    case .noise:
      let squares = zip(before, after).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
      let deviation = (squares / Double(before.count)).squareRoot()
      #expect((20...26).contains(deviation))
    case .mask:
      #expect(changed.allSatisfy { $0.1 == Corruption.missingLevel })
      #expect(abs(Double(changed.count) / Double(before.count) - 0.3) < 0.09)
    }
  }

  @Test(arguments: [
    "", "noise", "noise:", "noise:0", "noise:-1", "noise:300", "noise:nan", "mask:1", "mask:-0.1",
    "blur:3", "mask:0.1:0", "mask:0.1:2:3", "noise:5:2", "mask:0.1:",
  ])
  func `other words are no corruption`(text: String) {
    #expect(Corruption(text) == nil)
  }

  @Test func `pictures that are too small, or too few, are named`() throws {
    let path = try folder.write(Self.picture(0, side: 15).pngData(), to: "small.png")
    let error = #expect(throws: InputError.self) {
      try TrainingPictures(at: [folder.path("pictures"), path], side: 16)
    }
    #expect(error?.path == path)
    #expect(
      error?.reason as? TrainingError == TrainingError.tooSmall(width: 15, height: 15, side: 16))
    #expect(throws: TrainingError.tooFewPictures) {
      try TrainingPictures(at: [folder.path("pictures/0.png")], side: 16)
    }
    var settings = Self.settings
    settings.side = 15
    #expect(throws: TrainingError.unfitSide(15, factor: 2)) { try trainer(settings) }
  }
}
