/// diffusers' `AutoencoderKL` and `AutoencoderKLFlux2` as a family.
extension AutoencoderKLConfig: AutoencoderFamily {
  private static let className = "AutoencoderKL"
  /// The class of the models for FLUX.2.
  static let flux2ClassName = "AutoencoderKLFlux2"

  package static let classNames = [className, flux2ClassName]

  package var className: String {
    batchNormEpsilon == nil ? Self.className : Self.flux2ClassName
  }

  package var hasPosterior: Bool { true }

  package var latentsAreScaled: Bool { false }

  package var statedScaling: StatedScaling? {
    scalingFactor.map { factor in
      StatedScaling(
        factor: factor, shift: shiftFactor, mean: latentsMean, standardDeviation: latentsStd)
    }
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
