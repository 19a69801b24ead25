extension Latent {
  /// The latent in the units of `convention`, the flipped one of its cache too.
  ///
  /// - Throws: `CodecError.unknownScaling` if the units differ and the space does not say how.
  func converted(to convention: Convention) throws -> Latent {
    guard convention != self.convention else { return self }
    // The log-variance is that of raw values, in which alone moments are kept.
    guard logVariance == nil else {
      throw ContainerError.cannotHold("scaled values", format: "a file of moments")
    }
    return Latent(
      channels: channels, height: height, width: width, values: try values(in: convention),
      convention: convention, posterior: posterior, space: space,
      encoderFingerprint: encoderFingerprint, picture: picture,
      cache: try cache?.replacingFlipped { try converted($0, to: convention) })
  }

  /// The latent as one of `space`, where its file did not say which it lives in.
  ///
  /// - Throws: `CodecError.otherChannels`, `.otherSpace` if the file says another space, and
  ///   `.sizeMismatch` if the picture it tells of has no such latent there.
  public func placed(in space: LatentSpace) throws -> Latent {
    let whole = unpacked(for: space)
    guard whole.channels == space.channels else {
      throw CodecError.otherChannels(latent: channels, named: space)
    }
    if let own = self.space {
      guard own.isReadable(by: space) else {
        throw CodecError.otherSpace(stated: own, named: space)
      }
      return self
    }
    try whole.checkPicture(factor: space.spatialFactor)
    return Latent(
      channels: whole.channels, height: whole.height, width: whole.width, values: whole.values,
      logVariance: logVariance,
      convention: convention, posterior: posterior, space: space,
      encoderFingerprint: encoderFingerprint, picture: picture, cache: whole.cache)
  }

  /// Checks that the picture is one whose latent, `factor` pixels a side, has this size.
  ///
  /// - Throws: `CodecError.sizeMismatch`.
  func checkPicture(factor: Int) throws {
    guard let picture else { return }
    for (pixels, latents) in [(picture.width, width), (picture.height, height)] {
      // Written so that it does not overflow for any picture that a file tells of.
      guard pixels > 0, (pixels - 1) / factor + 1 == latents else {
        throw CodecError.sizeMismatch(
          picture: [picture.width, picture.height], latent: [width, height], factor: factor)
      }
    }
  }
}

extension LatentSpace {
  /// The space that a family of models shares.
  public init(_ family: LatentFamily) {
    self.init(
      family: family.rawValue, channels: family.channels, spatialFactor: family.spatialFactor,
      scaling: family.scaling)
  }
}
