extension Latent {
  /// The bytes of a file of the latent.
  ///
  /// - Parameters:
  ///   - format: that of the file.
  ///   - options: what the latent does not say.
  /// - Throws: `ContainerError` for values that are not finite, for moments where they have no place, for an
  ///   optimised latent that would pass for an encoder's, and for what the format needs and the options do not say; `LatentError.unknownScaling` if the
  ///   units must be changed and the scaling is not known.
  public func encoded(
    as format: LatentFileFormat, _ options: LatentFileOptions = LatentFileOptions()
  ) throws -> [UInt8] {
    guard logVariance == nil || format.holdsMoments else {
      throw ContainerError.cannotHoldMoments(format: format.name)
    }
    guard posterior?.refinement == nil || format.namesPosterior || options.allowsOptimised else {
      throw ContainerError.optimised(format: format.name)
    }
    let converted = try converted(to: units(in: format, options.units))
    // A large value may become infinite in the other units.
    if let index = converted.firstNonFiniteIndex {
      throw ContainerError.nonFinite(index: index)
    }
    return try format.coding.bytes(of: converted, options)
  }

  /// The units that a file of `format` is to have where `asked` are asked for.
  private func units(in format: LatentFileFormat, _ asked: Units?) throws -> Units {
    let only: Units
    switch format.units {
    case .stated: return asked ?? units
    case .customary(let usual): return asked ?? usual
    case .unsettled:
      guard let asked else { throw ContainerError.unsettledUnits(format: format.name) }
      return asked
    case .fixed(let units): only = units
    case .rawUnlessPacked: only = patchSize > 1 ? .scaled : .raw
    }
    guard asked ?? only == only else {
      throw ContainerError.cannotHold("\(asked?.rawValue ?? "such") values", format: format.name)
    }
    return only
  }

  /// Whether a file of `format` names the size of a picture and this latent does not know it, so that
  /// the size that the latent covers is written.
  public func assumesSize(as format: LatentFileFormat) -> Bool {
    format.coding.traits.namesSize && picture == nil && cache?.originalSize == nil
  }

  /// What the latent holds and a file of `format` does not, in words; for a note.
  public func losses(as format: LatentFileFormat) -> [String] {
    LatentPart.allCases.filter { part in
      // A mirrored distribution is another one, of which a latent has the mean alone.
      let isKept =
        format.coding.traits.keeps.contains(part) && (part != .flipped || logVariance == nil)
      return holds(part) && !isKept
    }.map(\.rawValue)
  }

  private func holds(_ part: LatentPart) -> Bool {
    switch part {
    case .size: picture.map { !fills($0) } ?? false
    case .alpha: picture?.alpha != nil
    // A white one goes without saying.
    case .matte: picture?.matte.map { $0 != .white } ?? false
    case .profile: picture?.profile != nil
    case .flipped: flipped != nil
    case .mask: cache?.alphaMask != nil && picture?.alpha == nil
    }
  }

  /// Whether the picture covers the whole latent, so that its size goes without saying.
  private func fills(_ picture: PictureInfo) -> Bool {
    let factor = picture.width / width
    return picture.width == width * factor && picture.height == height * factor
  }
}
