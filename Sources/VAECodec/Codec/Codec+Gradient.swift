import VAE

/// A decoded picture, and how a number that depends on it depends on the latent.
public struct DecoderGradient: Sendable {
  /// What the decoder makes, before it is cropped and rounded: `[height · f, width · f, 3]`, about -1...1.
  public let picture: [Float]
  /// The gradient with respect to the values that the decoder reads, `[channels, height, width]`.
  public let latentGradient: [Float]
  /// The units of those values: raw for an `AutoencoderKL`, scaled for an `AutoencoderTiny`.
  public let units: Latent.Units
}

extension Codec {
  /// Decodes a latent and carries a gradient back through the decoder.
  ///
  /// The product of a gradient and the decoder's Jacobian: what latents are refined by, and maps of
  /// sensitivity are made of. For how much each position of the latent moves one pixel, give a gradient that
  /// is 1 at that pixel and 0 elsewhere.
  ///
  /// - Parameters:
  ///   - latent: raw or scaled, of the model's space.
  ///   - pictureGradient: the gradient of a number with respect to the decoder's picture,
  ///     `[height · f, width · f, 3]`, where the latent has `height` and `width`.
  ///   - maximumPixelCount: larger pictures are refused.
  ///   - progress: called after each layer.
  /// - Throws: `CodecError`, `LatentError`, `CancellationError`, and what `progress` throws.
  /// - Precondition: `pictureGradient` has as many values as its shape says.
  /// - Complexity: the multiply-adds of two decodes. The tensors that the way back reads are kept, in memory or
  ///   in a temporary file.
  public func decoderGradient(
    at latent: Latent, of pictureGradient: [Float],
    maximumPixelCount: Int = Image.defaultMaximumPixelCount,
    progress: ProgressHandler = { _ in }
  ) throws -> DecoderGradient {
    let latent = try readable(latent, ignoringSpace: false, maximumPixelCount: maximumPixelCount)
    let values = try nativeValues(of: latent)
    let resultByteCount = (2 * pictureGradient.count + values.count) * MemoryLayout<Float>.stride
    return try reservingMemory(resultByteCount: resultByteCount) { options in
      try autoencoder.decodingGradientCost(height: latent.height, width: latent.width, options)
    } _: { options in
      var picture: [Float] = []
      let gradient = try autoencoder.decodeWithGradient(
        values, height: latent.height, width: latent.width, options, progress: progress
      ) { decoded in
        picture = decoded.values
        return pictureGradient
      }
      return DecoderGradient(picture: picture, latentGradient: gradient, units: nativeUnits)
    }
  }
}
