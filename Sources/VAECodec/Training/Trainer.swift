import Glibc
import VAE

/// Trains a variational autoencoder: a new one, or one that there is.
///
/// Each step encodes pieces of pictures, draws from their posteriors, decodes the draws and moves the weights against
/// the gradient of the negative evidence lower bound. The weights that are kept are averaged over steps, of the
/// validation that cost least.
///
/// ```swift
/// let pictures = try TrainingPictures(at: ["faces/"], side: 32)
/// var trainer = try Trainer(.new(ModelDesign()), pictures)
/// try trainer.run { print($0.step, $0.psnr) }
/// try trainer.model().write(to: "faces-vae")
/// ```
///
/// - SeeAlso: Kingma and Welling, "Auto-encoding variational Bayes", 2013.
public struct Trainer {
  /// The model to begin with.
  public enum Start: Sendable {
    /// A new one with random weights.
    case new(ModelDesign)
    /// One that is there; the model that comes of it is not worse on the validation pictures, or there is none.
    case model(Codec)
  }

  private let settings: TrainingSettings
  private let pictures: TrainingPictures
  private let config: any AutoencoderFamily
  /// What stands in the model beside the networks.
  private let companions: [SafetensorsWriter.Tensor]
  private let isNew: Bool
  private let options: ExecutionOptions
  private let latents: TrainingLatents?
  private let identity: TrainingCheckpoint.Identity
  private var learner: Learner
  private var draws: TrainingDraws
  private var validation: TrainingValidation
  /// Steps that are done.
  public private(set) var step = 0
  /// What became of them so far: one record of the model to begin with, and one for each validation.
  public private(set) var records: [TrainingRecord]
  private var sums = TrainingRecord.Loss()
  private var best: (record: TrainingRecord, values: [Float])

  /// A training that has not begun.
  ///
  /// - Parameters:
  ///   - start: the model to begin with.
  ///   - pictures: what it learns from.
  ///   - settings: how; with the same ones the same model comes of it.
  ///   - resources: threads and kernels.
  /// - Throws: `TrainingError.unfitSide`, and `CodecError` where the model cannot be run.
  public init(
    _ start: Start, _ pictures: TrainingPictures,
    _ settings: TrainingSettings = TrainingSettings(), resources: Resources = Resources()
  ) throws {
    self.settings = settings
    self.pictures = pictures
    options = try resources.executionOptions()
    let kernels = options.kernels
    let weights: TrainableWeights
    let design: ModelDesign?
    switch start {
    case .new(let new):
      design = new
      config = new.config
      companions = []
      var generator = TrainingDraws.weights(settings.seed)
      weights = try CodecError.wrapping { [config] in
        try TrainableWeights(name: "the new model", config, using: &generator)
      }
    case .model(let codec):
      design = nil
      config = codec.trainableConfig
      weights = try CodecError.wrapping {
        try codec.autoencoder.requireDecoder()
        return try TrainableWeights(copying: codec.autoencoder, kernels)
      }
      companions = codec.companions(of: weights, kernels)
    }
    let factor = config.spatialFactor
    guard settings.side.isMultiple(of: factor) else {
      throw TrainingError.unfitSide(settings.side, factor: factor)
    }
    isNew = design != nil
    var hash = FNV1a()
    hash.add(weights.values)
    identity = TrainingCheckpoint.Identity(
      settings: settings, design: design, weights: hash.value, pictures: pictures.fingerprint)
    var validation = TrainingValidation(pictures.validation, settings, config)
    draws = TrainingDraws(
      settings, pictures.training, grid: settings.part == .decoder ? factor : 1)
    let result: TrainingValidation.Result
    (result, latents) = try CodecError.wrapping { [config, options] in
      let model = try Autoencoder(config, weights.store(of: weights.values))
      let latents =
        settings.part == .decoder
        ? try TrainingLatents(pictures.training, settings, model, options) : nil
      return (try validation.measure(model, options), latents)
    }
    self.validation = validation
    learner = Learner(config, weights, settings, scale: result.scale)
    let record = TrainingRecord(
      step: 0, training: nil, validation: result.loss, psnr: result.psnr,
      scale: result.scale, beta: settings.beta(at: 0), gradientNorm: nil)
    records = [record]
    best = (record, weights.values)
  }

  /// Learns until all steps are done.
  ///
  /// - Parameters:
  ///   - report: called with each new record.
  ///   - progress: called after each step with the part of all that is done.
  ///   - checkpoint: called after each step, with what makes the bytes of a checkpoint of it.
  /// - Throws: `TrainingError.diverged`, `CodecError`, `CancellationError`, and what the closures throw.
  public mutating func run(
    report: (TrainingRecord) throws -> Void = { _ in },
    progress: (_ fraction: Double) throws -> Void = { _ in },
    checkpoint: (_ bytes: () throws -> [UInt8]) throws -> Void = { _ in }
  ) throws {
    while step < settings.steps {
      let result = try CodecError.wrapping { try learn() }
      sums.reconstruction += result.loss.reconstruction
      sums.divergence += result.loss.divergence
      step += 1
      if step.isMultiple(of: settings.interval) || step == settings.steps {
        try report(validate(result))
      }
      try progress(Double(step) / Double(settings.steps))
      if step < settings.steps { try checkpoint { try self.checkpoint().bytes() } }
    }
  }

  private mutating func learn() throws -> Learner.Step {
    var samples: [[UInt8]] = []
    var examples: [TrainingNetwork.Example] = []
    let noiseCount = settings.noiseCount(config)
    for var piece in draws.pieces(step: step) {
      let clean = pictures.training[piece.picture].piece(
        x: piece.x, y: piece.y, width: settings.side, height: settings.side,
        isFlipped: piece.isFlipped)
      samples.append(clean)
      if let latents {
        examples.append(TrainingNetwork.Example(input: latents.piece(piece)))
      } else {
        let spoilt =
          settings.corruption?.spoilt(
            clean, width: settings.side, &piece.generator) ?? clean
        examples.append(
          TrainingNetwork.Example(
            input: spoilt.tensor, noise: piece.generator.normals(noiseCount)))
      }
    }
    return try learner.step(step, pictures: samples, examples, options)
  }

  private mutating func validate(_ last: Learner.Step) throws -> TrainingRecord {
    let stepCount = Double(step - (records.last?.step ?? 0))
    let values = learner.averagedWeights
    let result = try CodecError.wrapping {
      try validation.measure(
        Autoencoder(config, learner.weights.store(of: values)), options)
    }
    let record = TrainingRecord(
      step: step,
      training: .init(
        reconstruction: sums.reconstruction / stepCount, divergence: sums.divergence / stepCount),
      validation: result.loss, psnr: result.psnr, scale: result.scale,
      beta: settings.beta(at: step - 1), gradientNorm: last.gradientNorm)
    sums = .init()
    records.append(record)
    if cost(of: record) < cost(of: best.record) || isNew && best.record.step == 0 {
      best = (record, values)
    }
    return record
  }

  /// What decides which weights are kept: the loss with the beta that was asked for.
  private func cost(of record: TrainingRecord) -> Double {
    record.validation.total(beta: settings.beta)
  }

  /// The model whose validation cost least.
  ///
  /// - Throws: `TrainingError.notBetter` if that is the one that it began with.
  public func model() throws -> TrainedModel {
    if best.record.step == 0, !isNew {
      let others = records.dropFirst().map(cost)
      throw TrainingError.notBetter(
        before: cost(of: best.record), after: others.min() ?? cost(of: best.record))
    }
    return TrainedModel(
      report: .init(
        settings: settings, trainingPictures: pictures.trainingCount,
        validationPictures: pictures.validationCount, kept: best.record, records: records),
      config: config,
      tensors: learner.weights.tensors.map { tensor in
        .init(name: tensor.name, shape: tensor.shape, values: Array(best.values[tensor.range]))
      } + companions)
  }
}

// Checkpoints.
extension Trainer {
  private func checkpoint() -> TrainingCheckpoint {
    TrainingCheckpoint(
      state: .init(
        identity: identity, step: step, memory: learner.memory, sums: sums, records: records,
        best: best.record),
      values: learner.weights.values, average: learner.average.values,
      means: learner.optimizer.state.means, squares: learner.optimizer.state.squares,
      best: best.values)
  }

  /// Goes on from a checkpoint as if there had been no interruption.
  ///
  /// - Throws: `FileError`, `CodecError.model`, and `TrainingError.otherCheckpoint` where the settings, the pictures or
  ///   the model to begin with are not those of the training that made it.
  public mutating func resume(from path: String) throws {
    let checkpoint = try TrainingCheckpoint(path: path, of: identity, options.kernels)
    learner.resume(
      checkpoint.state.memory, values: checkpoint.values, average: checkpoint.average,
      means: checkpoint.means, squares: checkpoint.squares)
    step = checkpoint.state.step
    sums = checkpoint.state.sums
    records = checkpoint.state.records
    best = (checkpoint.state.best, checkpoint.best)
  }
}
