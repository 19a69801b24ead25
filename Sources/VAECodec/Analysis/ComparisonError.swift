/// Why two pictures cannot be compared.
public enum ComparisonError: Error, Equatable, CustomStringConvertible {
  /// The pictures differ in size; sizes are in pixels.
  case sizesDiffer(
    referenceWidth: Int, referenceHeight: Int, pictureWidth: Int, pictureHeight: Int)

  /// What was found and what was expected, in lower case.
  public var description: String {
    switch self {
    case .sizesDiffer(let referenceWidth, let referenceHeight, let width, let height):
      "picture has \(width)x\(height) pixels, expected the reference's "
        + "\(referenceWidth)x\(referenceHeight)"
    }
  }
}
