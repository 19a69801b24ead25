import VAE

extension Latent {
  /// The values in `units`.
  ///
  /// - Parameters:
  ///   - units: those of the result.
  ///   - scaling: how to get from one to the other where the latent's own space does not say.
  /// - Throws: `LatentError.unknownScaling` if that is needed and not known.
  public func values(in units: Units, scaling: LatentScaling? = nil) throws -> [Float] {
    try converted(values, to: units, scaling: scaling)
  }

  /// `values`, which are in the latent's units, in others.
  ///
  /// - Throws: as `values(in:scaling:)`.
  func converted(
    _ values: [Float], to units: Units, scaling: LatentScaling? = nil
  ) throws -> [Float] {
    guard units != self.units else { return values }
    guard let scaling = space?.scaling ?? scaling else { throw LatentError.unknownScaling(space) }
    switch units {
    case .raw: return scaling.raw(values, channels: channels, width: width)
    case .scaled: return scaling.scaled(values, channels: channels, width: width)
    }
  }

  /// The latent in `units`, the flipped one too.
  ///
  /// - Throws: `LatentError.unknownScaling` if the units differ and the space does not say how, and
  ///   `.scaledMoments`.
  func converted(to units: Units) throws -> Latent {
    guard units != self.units else { return self }
    // The log-variance is that of raw values, in which alone moments are kept.
    guard logVariance == nil else { throw LatentError.scaledMoments }
    return try replacing(
      values: values(in: units), flipped: flipped.map { try converted($0, to: units) },
      posterior: posterior, units: units)
  }

  /// The latent as one of `space`, where its file did not say which it lives in.
  ///
  /// - Parameters:
  ///   - space: the one to place it in.
  ///   - overruling: takes it for one of `space` whatever its file says.
  /// - Throws: `LatentError.otherChannels`, `.otherSpace` if the file says another space, and
  ///   `.sizeMismatch` if the picture it names has no such latent there.
  public func placed(in space: LatentSpace, overruling: Bool = false) throws -> Latent {
    if let own = self.space, !overruling {
      guard own.isReadable(by: space) else {
        throw LatentError.otherSpace(stated: own, evidence: spaceEvidence, named: space)
      }
      return self
    }
    var placed = try unpacked(for: space)
    guard placed.channels == space.channels else {
      throw LatentError.otherChannels(extents: [channels, height, width], named: space)
    }
    try placed.checkPicture(factor: space.spatialFactor)
    placed.space = space
    placed.spaceEvidence = nil
    return placed
  }

  /// Checks that the picture is one whose latent, `factor` pixels a side, has this size.
  ///
  /// - Throws: `LatentError.sizeMismatch`.
  func checkPicture(factor: Int) throws {
    guard let picture else { return }
    for (pixels, latents) in [(picture.width, width), (picture.height, height)] {
      guard pixels > 0, pixels.dividedRoundingUp(by: factor) == latents else {
        throw LatentError.sizeMismatch(
          picture: [picture.width, picture.height], latent: [width, height], factor: factor)
      }
    }
  }
}
