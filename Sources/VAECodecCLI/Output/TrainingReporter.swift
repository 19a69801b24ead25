import VAECodec

/// Prints how a training goes on.
final class TrainingReporter {
  private let settings: TrainingSettings
  private let style: ReportStyle
  private let progress: ProgressLine
  private let start = ContinuousClock.now
  private let firstStep: Int

  /// A reporter of a training that goes on after `firstStep` steps.
  init(_ settings: TrainingSettings, _ style: ReportStyle, from firstStep: Int) {
    self.settings = settings
    self.style = style
    self.firstStep = firstStep
    progress = ProgressLine(isWanted: style.showsProgress, itemCount: 1)
  }

  /// What JSON says of a record; numbers of nats are means a picture.
  private struct Line: Encodable {
    let step: Int
    let psnr: Double
    let validation_loss: Double
    let validation_reconstruction_nats: Double
    let validation_kl_nats: Double
    let training_reconstruction_nats: Double?
    let training_kl_nats: Double?
    let scale: Double
    let beta: Double
    let gradient_norm: Double?
    let seconds: Double
  }

  /// What JSON says at the end.
  private struct Summary: Encodable {
    let output: String
    let kept_step: Int
    let psnr: Double
    let training_pictures: Int
    let validation_pictures: Int
    let seconds: Double
    let seconds_per_step: Double?
    let peak_memory_bytes: Int?
  }

  private var seconds: Double { (ContinuousClock.now - start).seconds }

  /// Shows which part of the steps is done.
  func show(_ fraction: Double) { progress.advance("training", to: fraction) }

  /// Prints a record.
  ///
  /// - Throws: `FileError`.
  func report(_ record: TrainingRecord) throws {
    progress.clear()
    let loss = record.validation
    if style.isJSON {
      try Console.printJSON(
        Line(
          step: record.step, psnr: record.psnr,
          validation_loss: loss.total(beta: settings.beta),
          validation_reconstruction_nats: loss.reconstruction,
          validation_kl_nats: loss.divergence,
          training_reconstruction_nats: record.training?.reconstruction,
          training_kl_nats: record.training?.divergence, scale: record.scale, beta: record.beta,
          gradient_norm: record.gradientNorm, seconds: seconds))
    } else if style.printsLines {
      try Console.printLine(
        "step \(record.step) of \(settings.steps): \(record.psnr.fixed(2)) dB; "
          + "reconstruction \(loss.reconstruction.fixed(0)) nats, "
          + "divergence \(loss.divergence.fixed(1)) nats, scale \(record.scale.fixed(1))")
    }
  }

  /// Prints what came of it.
  ///
  /// - Throws: `FileError`.
  func report(_ model: TrainedModel, in folder: String) throws {
    progress.clear()
    let steps = settings.steps - firstStep
    let report = model.report
    if style.isJSON {
      try Console.printJSON(
        Summary(
          output: folder, kept_step: report.kept.step, psnr: report.kept.psnr,
          training_pictures: report.trainingPictures,
          validation_pictures: report.validationPictures, seconds: seconds,
          seconds_per_step: steps > 0 ? seconds / Double(steps) : nil,
          peak_memory_bytes: ProcessMemory.peakByteCount))
    } else if let name = style.named(folder) {
      try Console.printLine(
        "\(name): the weights of step \(report.kept.step), \(report.kept.psnr.fixed(2)) dB on "
          + "\(report.validationPictures) validation pictures, \(seconds.fixed(0)) s")
    }
  }
}
