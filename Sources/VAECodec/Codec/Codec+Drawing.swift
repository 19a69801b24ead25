import VAE

/// Where a model's latents may be drawn from.
extension Codec {
  /// The units in which the standard normal prior is a model's best: raw ones for a model that belongs to no
  /// family of diffusion models, since one that was trained with the prior was trained with that of its raw
  /// latents; scaled ones for the others, whose values have a deviation near 1 only so.
  public var priorUnits: Latent.Units {
    isOfDiffusionFamily && latentSpace.scaling != nil ? .scaled : nativeUnits
  }

  /// Whether the model belongs to a family of latent-diffusion models, whose VAEs are trained with hardly any
  /// weight on the prior.
  public var isOfDiffusionFamily: Bool { LatentFamily(rawValue: latentSpace.family) != nil }

  /// The standard normal prior of the latents of pictures of a size.
  ///
  /// - Parameters:
  ///   - width: of the pictures, in pixels.
  ///   - height: of the pictures, in pixels.
  ///   - units: those in which the values have a deviation of `temperature`; `priorUnits` if nil.
  ///   - temperature: the standard deviation.
  ///   - maximumPixelCount: larger pictures are refused.
  /// - Throws: `LatentError.tooManyPixels`, and `.unknownScaling` if the units cannot be decoded.
  /// - Precondition: `width` and `height` are positive.
  public func prior(
    width: Int, height: Int, units: Latent.Units? = nil, temperature: Float = 1,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws -> LatentSampler {
    precondition(width > 0 && height > 0, "a picture of \(width)x\(height) pixels has no latent")
    guard let pixels = Int(product: [width, height]), pixels <= maximumPixelCount else {
      throw LatentError.tooManyPixels(width: width, height: height, maximum: maximumPixelCount)
    }
    let shape = latentShape(width: width, height: height)
    let zero = try Latent(
      channels: shape[0], height: shape[1], width: shape[2],
      values: [Float](repeating: 0, count: shape[0] * shape[1] * shape[2]),
      units: units ?? priorUnits, posterior: nil, space: latentSpace,
      picture: PictureInfo(width: width, height: height))
    _ = try nativeValues(of: zero)
    return .noise(around: zero, deviation: temperature)
  }

  /// Latents around one of the model's space: of its distribution where it holds one, else with noise.
  ///
  /// - Parameters:
  ///   - latent: such as `encode` makes of a picture with `.moments`.
  ///   - temperature: multiplies the deviations of the distribution, or is that of the noise in scaled units
  ///     (raw ones where the scaling is not known); 1 or `Codec.usualNoise` if nil.
  /// - Throws: `LatentError`.
  public func sampler(
    around latent: Latent, temperature: Float? = nil
  ) throws -> LatentSampler {
    if latent.logVariance != nil { return .posterior(latent, temperature: temperature ?? 1) }
    return .noise(
      around: try comparable(latent), deviation: temperature ?? Self.usualNoise)
  }

  /// The deviation of noise around a latent that holds no distribution, where none is asked for.
  public static let usualNoise: Float = 0.25

  /// The mean of a latent of the model's space in the units in which latents of one family are comparable: scaled
  /// ones where the scaling is known.
  ///
  /// - Throws: `LatentError`.
  public func comparable(_ latent: Latent) throws -> Latent {
    let mean = latent.withoutVariance
    // Through the decoder's own units: the latent's space may have another scaling.
    var native = try mean.replacing(
      values: nativeValues(of: mean), posterior: mean.posterior, units: nativeUnits)
    native.space = latentSpace
    return latentSpace.scaling == nil ? native : try native.converted(to: .scaled)
  }
}
