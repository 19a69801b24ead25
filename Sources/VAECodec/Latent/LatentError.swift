/// What cannot be done with a latent, or made one of.
public enum LatentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The runs of numbers that a latent has.
  public enum Part: String, Sendable {
    /// The mean or the sample.
    case values
    /// Those of a distribution.
    case logVariance = "log-variances"
    /// Those of the latent of the mirrored picture.
    case flipped = "values of the mirrored picture"
  }

  /// Channels, height and width of which one is not positive, or whose product is beyond any memory.
  case impossibleExtents([Int])
  /// There are not as many numbers as the extents ask for.
  case wrongCount(Part, found: Int, extents: [Int])
  /// A log-variance without the moments that it belongs to, or the other way round.
  case momentsMismatch(hasLogVariance: Bool)
  /// The file says that its latent lives in another space than the one that was named.
  case otherSpace(stated: LatentSpace, evidence: SpaceEvidence?, named: LatentSpace)
  /// The latent has another number of channels than the space that was named.
  case otherChannels(extents: [Int], named: LatentSpace)
  /// The picture that a latent file names has another latent at so many pixels a side.
  case sizeMismatch(picture: [Int], latent: [Int], factor: Int)
  /// The family that was named has another number of channels than the model.
  case familyMismatch(family: LatentFamily, channels: Int)
  /// The latent's sides are no multiples of that of the squares its space packs.
  case unpackable(width: Int, height: Int, patchSize: Int)
  /// Raw and scaled values must be converted, and nothing says how; with the latent's space, if known.
  case unknownScaling(LatentSpace?)
  /// Moments are of raw values alone.
  case scaledMoments
  /// An odd number of channels cannot be means and as many others.
  case oddMoments(channels: Int)
  /// What should be a standard deviation is less than zero.
  case negativeDeviation(index: Int)
  /// An array that is no sequence of a pipeline's tokens.
  case notTokens(extents: [Int])
  /// A picture of this size, or a square one without a size, has another number of tokens.
  case unknownGrid(tokens: Int, size: [Int]?)
  /// A sample is asked of a latent that holds no log-variance.
  case noMoments
  /// Latents that are mixed are of two sizes: the pictures' width and height, or the latents' own.
  case unequalSizes(found: [Int], expected: [Int])
  /// A distribution is to be fitted to less than two latents.
  case tooFewLatents(Int)
  /// The picture would have more pixels than allowed.
  case tooManyPixels(width: Int, height: Int, maximum: Int)

  public var description: String {
    switch self {
    case .impossibleExtents(let extents): "a latent cannot have the extents \(extents)"
    case .wrongCount(let part, let found, let extents):
      "\(found) \(part.rawValue) for a latent of \(extents)"
    case .momentsMismatch(let hasLogVariance):
      hasLogVariance
        ? "a log-variance is given for a latent that is not of moments"
        : "a latent of moments needs a log-variance"
    case .otherSpace(let stated, let evidence, let named):
      evidence.map { "\($0), which is not '\(named.family)'" }
        ?? "the file says that its latent is of space \(stated), not \(named)"
    case .otherChannels(let extents, let named):
      "the latent has \(extents[0]) channels, unlike \(named)"
    case .sizeMismatch(let picture, let latent, let factor):
      "the file names a picture of \(picture[0])x\(picture[1]) pixels, whose latent at "
        + "\(factor) pixels a side is not \(latent[0])x\(latent[1])"
    case .familyMismatch(let family, let channels):
      "family '\(family.rawValue)' has \(family.channels) channels, the model has \(channels)"
    case .unpackable(let width, let height, let patchSize):
      "a latent of \(width)x\(height) cannot be packed in squares of \(patchSize): "
        + "the picture's sides must be multiples of 16 pixels"
    case .unknownScaling(let space):
      space.flatMap { $0.patchSize > 1 ? $0.family : nil }.map { family in
        "raw and scaled values of \(family)'s latents differ by statistics that only its full-size "
          + "VAE holds"
      } ?? "raw and scaled values differ by a scaling that is not known"
    case .scaledMoments: "moments are of raw values alone"
    case .oddMoments(let channels):
      "\(channels) channels are no means with as many deviations or log-variances"
    case .negativeDeviation(let index):
      "value \(index) is less than zero, which no standard deviation is"
    case .notTokens(let extents):
      "an array of \(extents) is no sequence of tokens, expected [1, tokens, 64 or 128]"
    case .unknownGrid(let tokens, let size):
      "\(tokens) tokens of \(Latent.tokenPixelCount)x\(Latent.tokenPixelCount) pixels are no picture of "
        + (size.map { "\($0[0])x\($0[1])" } ?? "equal sides")
    case .noMoments: "the latent holds no log-variance to draw a sample from"
    case .unequalSizes(let found, let expected):
      "its size is \(found[0])x\(found[1]), expected \(expected[0])x\(expected[1]), that of the first"
    case .tooFewLatents(let count):
      "\(count == 1 ? "one latent has" : "no latents have") no distribution, expected two or more"
    case .tooManyPixels(let width, let height, let maximum):
      "\(width)x\(height) pixels are more than the limit of \(maximum)"
    }
  }
}
