extension Latent {
  /// Where the colours of a preview come from.
  public enum PreviewSource: Sendable, Equatable {
    /// A map that was fitted for the latent space.
    case fitted(LatentFamily)
    /// The three principal components of the latent: its structure in colours of their own.
    case principalComponents
  }

  /// A small picture of the latent, one pixel for each of its positions, made without a network.
  ///
  /// - Returns: the picture, of 8 bits, and where its colours come from: a fitted map if the latent's
  ///   space is of a family that has one and it is known how raw values are scaled, else the principal
  ///   components of the latent itself.
  /// - Complexity: a few multiply-adds a value and channel.
  public func preview() -> (image: Image, source: PreviewSource) {
    let count = height * width
    if let family = space.flatMap({ LatentFamily(rawValue: $0.family) }),
      let colors = PreviewColors(family), colors.weights.count == channels,
      let scaled = try? values(in: .scaled)
    {
      return (image(colors.samples(of: scaled, count: count)), .fitted(family))
    }
    let components = PrincipalComponents(values, channels: channels)
    return (image(components.samples(of: values, count: count)), .principalComponents)
  }

  private func image(_ samples: [UInt8]) -> Image {
    Image(width: width, height: height, color: .bits8(samples))
  }
}

/// A linear map from the channels of a latent to red, green and blue in 0...1.
struct PreviewColors {
  /// Added to each colour.
  let bias: [Float]
  /// What each channel adds to each colour, `[channels][3]`.
  let weights: [[Float]]

  /// `[count, 3]` samples of 8 bits of `values`, `[channels, count]`.
  func samples(of values: [Float], count: Int) -> [UInt8] {
    var samples = [UInt8](repeating: 0, count: 3 * count)
    for position in 0..<count {
      for color in 0..<3 {
        var sum = bias[color]
        for (channel, weights) in weights.enumerated() {
          sum += weights[color] * values[channel * count + position]
        }
        // Values near the largest float may have no sum at all, which is no colour.
        samples[3 * position + color] = UInt8(
          ((sum > 0 ? min(sum, 1) : 0) * 255).rounded(.toNearestOrEven))
      }
    }
    return samples
  }
}
