/// diffusers' `AutoencoderKL`, `AutoencoderKLFlux2` and `AsymmetricAutoencoderKL` as a family.
extension AutoencoderKLConfig: AutoencoderFamily {
  private static let className = "AutoencoderKL"
  /// The class of the models for FLUX.2.
  static let flux2ClassName = "AutoencoderKLFlux2"

  /// The class of the models whose decoder is larger than the encoder. Its decoder can also be given a
  /// masked picture, which is not done here: without one it is that of an `AutoencoderKL`.
  static let asymmetricClassName = "AsymmetricAutoencoderKL"

  package static let classNames = [className, flux2ClassName, asymmetricClassName]

  package var className: String {
    guard batchNormEpsilon == nil else { return Self.flux2ClassName }
    let isSymmetric =
      decoderBlockOutChannels == blockOutChannels && decoderLayersPerBlock == layersPerBlock
    return isSymmetric ? Self.className : Self.asymmetricClassName
  }

  package var hasPosterior: Bool { true }

  package var latentsAreScaled: Bool { false }

  package var statedScaling: StatedScaling? {
    scalingFactor.map { factor in
      StatedScaling(
        factor: factor, shift: shiftFactor, mean: latentsMean, standardDeviation: latentsStd)
    }
  }

  package func stating(_ scaling: StatedScaling) -> Self {
    guard scalingFactor != nil else { return self }
    var config = self
    config.scalingFactor = scaling.factor
    config.shiftFactor = scaling.shift
    (config.latentsMean, config.latentsStd) = (scaling.mean, scaling.standardDeviation)
    return config
  }

  package func appendEncoder(
    _ image: Graph.Value, to builder: inout GraphBuilder
  ) throws -> Graph.Value {
    try EncoderKL(config: self)(image, in: &builder)
  }

  package func appendDecoder(
    _ latent: Graph.Value, to builder: inout GraphBuilder
  ) throws -> Graph.Value {
    try DecoderKL(config: self)(latent, in: &builder)
  }
}
