extension Image {
  /// The sum of this picture, with a weight of 1 - `t`, and another with one of `t`, sample by sample to the
  /// nearest: this one at 0 and the other at 1, as they are.
  ///
  /// - Parameters:
  ///   - other: of the same size.
  ///   - t: in 0...1.
  /// - Returns: a picture of 16 bits if both are, else of 8; without alpha, with a profile that is that of both.
  /// - Precondition: neither has alpha.
  public func mixed(with other: Image, at t: Double) -> Image {
    precondition(
      width == other.width && height == other.height && alpha == nil && other.alpha == nil,
      "\(width)x\(height) and \(other.width)x\(other.height) pixels cannot be mixed, nor alpha")
    if t == 0 { return self }
    if t == 1 { return other }
    let samples: Samples =
      switch (color, other.color) {
      case (.bits16(let first), .bits16(let second)): .bits16(Self.mixed(first, second, t))
      default: .bits8(Self.mixed(color.eightBitValues, other.color.eightBitValues, t))
      }
    return Image(
      width: width, height: height, color: samples,
      profile: profile == other.profile ? profile : nil)
  }

  private static func mixed<Sample: FixedWidthInteger & UnsignedInteger>(
    _ first: [Sample], _ second: [Sample], _ t: Double
  ) -> [Sample] {
    zip(first, second).map { Sample(((1 - t) * Double($0) + t * Double($1)).rounded()) }
  }
}
