extension Latent {
  /// The latent at `t` of the way to `end`: this one at 0 and the other at 1, as they are.
  ///
  /// What lies between keeps of the pictures what both have: their size, the smaller depth, a profile that is
  /// one; it has no alpha.
  ///
  /// - Parameters:
  ///   - end: of the same extents, units and size of picture.
  ///   - t: in 0...1.
  ///   - path: the way.
  /// - Throws: `LatentError.unequalSizes`.
  /// - Precondition: both have the same units.
  public func interpolated(
    to end: Latent, at t: Double, along path: LatentPath
  ) throws -> Latent {
    precondition(units == end.units, "values in \(units) and \(end.units) units cannot be mixed")
    try checkSize(of: end)
    if t == 0 { return self }
    if t == 1 { return end }
    let values = path.values(from: values, to: end.values, at: t, channels: channels)
    var latent = try withoutVariance.replacing(values: values, posterior: nil)
    latent.encoderFingerprint = nil
    latent.cache = nil
    latent.picture = picture.map { $0.sharing(end.picture) }
    return latent
  }

  /// Checks that `other` has the extents of the latent, and a picture of the size of its picture.
  ///
  /// - Parameter path: the file of `other`, if it is known.
  /// - Throws: `LatentError.unequalSizes`, in an `InputError` where the file is known.
  func checkSize(of other: Latent, in path: String? = nil) throws {
    let extents = [self, other].map { [$0.width, $0.height, $0.channels] }
    let pictures = [self, other].compactMap { latent in
      latent.picture.map { [$0.width, $0.height] }
    }
    let sizes = pictures.count == 2 ? pictures : extents
    guard extents[0] == extents[1], sizes[0] == sizes[1] else {
      let error = LatentError.unequalSizes(found: sizes[1], expected: sizes[0])
      throw path.map { InputError(path: $0, reason: error) } ?? error
    }
  }
}

extension PictureInfo {
  /// What this picture has in common with another of its size.
  fileprivate func sharing(_ other: PictureInfo?) -> PictureInfo {
    PictureInfo(
      width: width, height: height, bitDepth: min(bitDepth, other?.bitDepth ?? bitDepth),
      profile: profile == other?.profile ? profile : nil)
  }
}
