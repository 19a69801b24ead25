/// Latents as FLUX.2's diffusion model has them: each square of 2x2 values is four channels of one.
///
/// Here scaled latents are kept with their planes whole; files of scaled latents hold them packed.
///
/// - SeeAlso: diffusers `pipelines/flux2/pipeline_flux2.py`, `_patchify_latents`: the packed channel is
///   `channel · 4 + row · 2 + column`.
extension Latent {
  /// Side of the squares that the latent's space packs; 1 where it packs none.
  private var patchSize: Int { space?.patchSize ?? 1 }

  /// The latent in the units of `convention`, as files of such values hold it: scaled ones packed.
  ///
  /// - Throws: `CodecError.unknownScaling` and `.unpackable`.
  /// - Precondition: the latent holds no log-variance.
  func converted(to convention: Convention) throws -> Latent {
    let values = try values(in: convention)
    let latent = Latent(
      channels: channels, height: height, width: width, values: values, convention: convention,
      posterior: posterior, space: space, picture: picture)
    return convention == .scaled ? try latent.packed() : latent
  }

  /// The scaled latent with the extents that a diffusion model sees:
  /// `[channels · p², height / p, width / p]`, where p is the side of a square.
  ///
  /// - Throws: `CodecError.unpackable` if the sides are no multiples of p.
  /// - Precondition: the latent is scaled.
  public func packed() throws -> Latent {
    precondition(convention == .scaled, "raw latents are not packed")
    let side = patchSize
    guard side > 1 else { return self }
    guard height % side == 0, width % side == 0 else {
      throw CodecError.unpackable(width: width, height: height, patchSize: side)
    }
    return repacked(
      channels: channels * side * side, height: height / side, width: width / side
    ) { channel, row, column in
      let (plane, patch) = channel.quotientAndRemainder(dividingBy: side * side)
      return (plane * height + row * side + patch / side) * width + column * side + patch % side
    }
  }

  /// The latent with the extents that the autoencoders of `space` have, if it is a packed one of that
  /// space, else itself.
  func unpacked(for space: LatentSpace) -> Latent {
    let side = space.patchSize
    guard side > 1, convention == .scaled, self.space == nil,
      channels == space.channels * side * side
    else { return self }
    return repacked(
      channels: space.channels, height: height * side, width: width * side
    ) { channel, row, column in
      let patch = row % side * side + column % side
      return ((channel * side * side + patch) * height + row / side) * width + column / side
    }
  }

  /// The latent with other extents, whose values `index` finds among its own.
  private func repacked(
    channels: Int, height: Int, width: Int,
    _ index: (_ channel: Int, _ row: Int, _ column: Int) -> Int
  ) -> Latent {
    var repacked: [Float] = []
    repacked.reserveCapacity(values.count)
    for channel in 0..<channels {
      for row in 0..<height {
        for column in 0..<width { repacked.append(values[index(channel, row, column)]) }
      }
    }
    return Latent(
      channels: channels, height: height, width: width, values: repacked, convention: convention,
      posterior: posterior, picture: picture)
  }
}
