/// Why a training cannot begin, or came to nothing.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A picture is smaller than the pieces that a step sees.
  case tooSmall(width: Int, height: Int, side: Int)
  /// There is no picture left to see how well the model has learnt.
  case tooFewPictures
  /// The side of the pieces is no multiple of the model's factor.
  case unfitSide(Int, factor: Int)
  /// The gradient is not finite any more after some steps.
  case diverged(step: Int)
  /// The model is not better than the one it began with on the pictures that it did not learn from.
  case notBetter(before: Double, after: Double)
  /// A file is no checkpoint of this training; in words what differs.
  case otherCheckpoint(path: String, difference: String)

  public var description: String {
    switch self {
    case .tooSmall(let width, let height, let side):
      "the picture has \(width)x\(height) pixels, training needs at least \(side)x\(side)"
    case .tooFewPictures: "one picture is not enough: some are kept for validation"
    case .unfitSide(let side, let factor):
      "pieces of \(side)x\(side) pixels do not suit the model: the side must be a multiple of \(factor)"
    case .diverged(let step):
      "the training diverged in step \(step): its gradient is not finite; a lower rate may help"
    case .notBetter(let before, let after):
      "the model was not written: on the validation pictures it is not better than the one it began with "
        + "(loss \(after.fixed(2)), before \(before.fixed(2)))"
    case .otherCheckpoint(let path, let difference):
      "\(path): belongs to another training: \(difference)"
    }
  }
}
