import Glibc

/// The steps that a latent's values are quantised with.
enum QuantizationSteps {
  /// The step at `Quality.standard` for log-variances: a mean error of 6 % of a standard deviation, far
  /// below what a sample adds.
  private static let logVarianceStep: Float = 0.23
  /// Levels of quality that halve a step.
  private static let levelsPerOctave: Float = 15

  /// The step at `Quality.standard` in scaled units.
  ///
  /// Measured with the tiny autoencoder of each family: what costs 0.045 dB in the mean over Kodak's
  /// pictures. For Stable Diffusion the built-in model counts, and the step is somewhat finer, so that
  /// half of the bytes cost 0.6 dB at most. Decoders of other families get the step of the most
  /// sensitive one.
  private static func standardStep(_ family: String) -> Float {
    switch LatentFamily(rawValue: family) {
    case .sd: 0.048
    case .sdxl: 0.026
    case .sd3: 0.030
    case .flux1: 0.029
    case .flux2: 0.060
    default: 0.026
    }
  }

  /// One step for each plane of `latent`: its channels, then those of its log-variance where it has one.
  ///
  /// - Precondition: `level` is one of those that quantise, 1 to 99.
  static func steps(for latent: Latent, level: Int) -> [Float] {
    precondition((1..<100).contains(level), "level \(level) does not quantise")
    let standard = Quality.standard.level ?? level
    let ratio = exp2(Float(standard - level) / levelsPerOctave)
    let step = ratio * standardStep(latent.space?.family ?? LatentSpace.customFamily)
    let values = units(of: latent).map { step * $0 }
    let logVariances = latent.logVariance.map { _ in
      Array(repeating: ratio * logVarianceStep, count: latent.channels)
    }
    return values + (logVariances ?? [])
  }

  /// The level at which the first channel of `latent` is quantised by `step`, or the nearest that there
  /// is: a step is coarser than its level's where the values would not fit.
  static func level(ofFirst step: Float, in latent: Latent) -> Int {
    let levels = Quality.levels.lowerBound...99
    guard let finest = steps(for: latent, level: levels.upperBound).first, step > 0 else {
      return levels.upperBound
    }
    let level = Float(levels.upperBound) - levelsPerOctave * Glibc.log2(step / finest)
    return Int(min(max(level.rounded(), Float(levels.lowerBound)), Float(levels.upperBound)))
  }

  /// For each channel, what one scaled unit is in the units of the values.
  static func units(of latent: Latent) -> [Float] {
    let ones = [Float](repeating: 1, count: latent.channels)
    guard let scaling = latent.space?.scaling else {
      // Diffusion models want a deviation of about 1.
      let deviation = ValueStatistics(latent.values).standardDeviation
      return ones.map { $0 * (deviation > 0 ? Float(deviation) : 1) }
    }
    guard latent.units == .raw else { return ones }
    // The places of a square of values have deviations of their own, which differ little.
    let places = scaling.patchSize * scaling.patchSize
    return (0..<latent.channels).map { channel in
      let deviations = scaling.standardDeviation.dropFirst(channel * places).prefix(places)
      let deviation = deviations.reduce(0) { $0 + abs($1) } / Float(places)
      return abs((scaling.mean.isEmpty ? 1 : deviation) / scaling.factor)
    }
  }
}
