import VAE

/// The state of a latent that is refined: where it is, and the best that was seen.
struct LatentRefiner {
  private let refinement: Latent.Refinement
  private let start: Latent
  private let image: Image
  private let conversion: PixelConversion
  private let quality: Quality
  private let resources: Resources
  private let objective: PictureObjective
  private let schedule: CosineSchedule
  /// For each channel, what one scaled unit is in the units of the values.
  private let units: [Float]
  private var optimizer: AdamOptimizer
  /// How far each value has moved, in scaled units.
  private var moves: [Float]
  private var step = 0
  private var losses: [Double] = []
  private var first: Candidate?
  private var best: Candidate?

  /// A latent that was seen, and the picture that a decoder makes of it.
  private struct Candidate {
    let step: Int
    let loss: Double
    let values: [Float]
    let picture: Image
  }

  /// The first rate, in scaled units, whose deviation is about 1.
  private static let rate = 0.05

  /// A refinement of `start`, whose values are in the units of the decoder, toward `image`.
  init(
    _ refinement: Latent.Refinement, _ start: Latent, _ image: Image,
    _ conversion: PixelConversion, quality: Quality, resources: Resources
  ) throws {
    self.refinement = refinement
    self.start = start
    self.image = image
    self.conversion = conversion
    self.quality = quality
    self.resources = resources
    objective = try PictureObjective(
      refinement.loss, from: image, conversion, Parallel(threads: resources.resolvedThreads))
    schedule = CosineSchedule(rate: Self.rate, steps: refinement.steps)
    units = QuantizationSteps.units(of: start)
    optimizer = AdamOptimizer(count: start.values.count)
    moves = [Float](repeating: 0, count: start.values.count)
    keptValues = try start.valuesAsKept(at: quality)
  }

  /// Bytes that a refinement takes besides the networks.
  static func byteCount(
    _ refinement: Latent.Refinement, _ conversion: PixelConversion, bitDepth: Int
  ) -> Int {
    // A picture's gradient, and the tensor of the picture that is judged; pictures: the first, the best, and
    // the one that is judged.
    PictureObjective.byteCount(refinement.loss, conversion)
      + conversion.count * (3 * MemoryLayout<Float>.stride + 3 * bitDepth / 8)
  }

  /// The values where the latent is, as a file keeps them: what the decoder gets.
  private(set) var keptValues: [Float]

  private func unit(of index: Int) -> Float {
    units[index / (start.width * start.height)]
  }

  private var values: [Float] {
    start.values.indices.map { start.values[$0] + unit(of: $0) * moves[$0] }
  }

  private func latent(of values: [Float]) throws -> Latent {
    try start.replacing(values: values, posterior: start.posterior)
  }

  /// Takes note of the picture that the decoder makes of `keptValues`.
  ///
  /// - Returns: the gradient of the loss with respect to it.
  mutating func gradient(at picture: Span<Float>) throws -> [Float] {
    try judge(picture)
    let (loss, gradient) = try objective.valueAndGradient(of: picture)
    losses.append(loss + anchorLoss)
    return gradient
  }

  /// Takes note of the picture behind the last step.
  mutating func finish(at picture: Span<Float>) throws {
    try judge(picture)
    losses.append(try objective.value(of: picture) + anchorLoss)
  }

  /// Takes note of a picture: of its loss as it would be written, rounded to samples.
  private mutating func judge(_ picture: Span<Float>) throws {
    let written = conversion.image(
      from: picture, bitDepth: image.color.bitDepth, alpha: image.alpha, profile: image.profile)
    let loss = try objective.value(of: conversion.tensor(of: written).span) + anchorLoss
    guard loss < best?.loss ?? .infinity else { return }
    best = Candidate(step: step, loss: loss, values: values, picture: written)
    first = first ?? best
  }

  private var anchorLoss: Double {
    let sum = moves.reduce(0) { $0 + Double($1 * $1) }
    return Double(refinement.anchor) * sum / Double(moves.count)
  }

  /// Moves the latent against a gradient of the loss with respect to `keptValues`, as if they were not
  /// rounded.
  mutating func takeStep(against gradient: [Float]) throws {
    // The gradient is that of a sum over samples.
    let samples = Float(3 * image.width * image.height)
    let pull = 2 * refinement.anchor * samples / Float(moves.count)
    let slopes = gradient.indices.map { unit(of: $0) * gradient[$0] + pull * moves[$0] }
    optimizer.update(&moves, against: slopes, rate: schedule[step])
    step += 1
    keptValues = try latent(of: values).valuesAsKept(at: quality)
  }

  /// What came of it.
  ///
  /// - Precondition: a picture was judged after each step.
  func result() throws -> RefinedLatent {
    guard let first, var best else { preconditionFailure("no picture was judged") }
    let before = try Comparison(image, first.picture, resources: resources)
    var after = try Comparison(image, best.picture, resources: resources)
    if refinement.loss == .l2, let was = before.ssim, let now = after.ssim, now < was {
      (best, after) = (first, before)
    }
    return RefinedLatent(
      latent: try latent(of: best.values), losses: losses, bestStep: best.step, before: before,
      after: after, drift: drift(of: best.values))
  }

  private func drift(of values: [Float]) -> Double {
    let scaled = try? (
      latent(of: values).values(in: .scaled), start.values(in: .scaled)
    )
    let (moved, origin) = scaled ?? (values, start.values)
    let distance = zip(moved, origin).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    let length = origin.reduce(0) { $0 + Double($1 * $1) }
    return length > 0 ? (distance / length).squareRoot() : 0
  }
}
