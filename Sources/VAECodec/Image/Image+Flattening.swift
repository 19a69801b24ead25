/// Making a picture opaque, or transparent.
extension Image {
  /// The picture laid over `matte`, without an alpha plane; the picture itself if it has none.
  ///
  /// Each sample is `a * C + (1 - a) * matte`, to the nearest.
  public func flattened(over matte: Matte = .white) -> Image {
    let flat: Samples
    switch (color, alpha) {
    case (.bits8(let color), .bits8(let alpha)):
      flat = .bits8(Self.flattened(color, alpha, over: matte))
    case (.bits16(let color), .bits16(let alpha)):
      flat = .bits16(Self.flattened(color, alpha, over: matte))
    default:
      return self
    }
    return Image(
      width: width, height: height, color: flat, profile: profile,
      appliedOrientation: appliedOrientation)
  }

  /// The picture with another alpha plane, of the depth of its colours.
  func withAlpha(_ alpha: Samples?) -> Image {
    Image(
      width: width, height: height, color: color, alpha: alpha, profile: profile,
      appliedOrientation: appliedOrientation)
  }

  private static func flattened<Sample: FixedWidthInteger & UnsignedInteger>(
    _ color: [Sample], _ alpha: [Sample], over matte: Matte
  ) -> [Sample] {
    let full = Int(Sample.max)
    let background = matte.components.map { Int($0) * (full / 255) }
    return [Sample](capacity: color.count) { output in
      for pixel in 0..<alpha.count {
        let opacity = Int(alpha[pixel])
        for channel in 0..<3 {
          let sum =
            opacity * Int(color[3 * pixel + channel]) + (full - opacity) * background[channel]
          // The divisor is odd, so that no sum lies half-way.
          output.append(Sample(truncatingIfNeeded: (sum + full / 2) / full))
        }
      }
    }
  }
}
