/// Latents as FLUX.2's diffusion model has them: each square of 2x2 values is four channels of one.
///
/// Here scaled latents are kept with their planes whole; files of scaled latents hold them packed.
///
/// - SeeAlso: diffusers `pipelines/flux2/pipeline_flux2.py`, `_patchify_latents`: the packed channel is
///   `channel · 4 + row · 2 + column`.
extension Latent {
  /// Side of the squares that the latent's space packs; 1 where it packs none.
  var patchSize: Int { space?.patchSize ?? 1 }

  /// The latent with the extents that files of such values hold: scaled ones with those that a
  /// diffusion model sees, `[channels · p², height / p, width / p]`, where p is the side of a square.
  ///
  /// - Throws: `LatentError.unpackable` if the sides are no multiples of p.
  func packed() throws -> Latent {
    let side = patchSize
    guard side > 1, units == .scaled else { return self }
    guard height % side == 0, width % side == 0 else {
      throw LatentError.unpackable(width: width, height: height, patchSize: side)
    }
    return try repacked(
      channels: channels * side * side, height: height / side, width: width / side
    ) { channel, row, column in
      let (plane, patch) = channel.quotientAndRemainder(dividingBy: side * side)
      return (plane * height + row * side + patch / side) * width + column * side + patch % side
    }
  }

  /// The latent with the extents that the autoencoders of `space` have, if it is a packed one of that
  /// space, else itself.
  func unpacked(for space: LatentSpace) throws -> Latent {
    let isPacked = units == .scaled && self.space == nil && channels == space.packedChannels
    return isPacked ? try unpacked(patchSize: space.patchSize) : self
  }

  /// The latent whose squares have become channels, with its planes whole again.
  ///
  /// - Throws: `LatentError` if the channels are no multiple of a square's.
  func unpacked(patchSize side: Int) throws -> Latent {
    guard side > 1 else { return self }
    return try repacked(
      channels: channels / (side * side), height: height * side, width: width * side
    ) { channel, row, column in
      let patch = row % side * side + column % side
      return ((channel * side * side + patch) * height + row / side) * width + column / side
    }
  }

  /// The latent with other extents, whose values `index` finds among its own; the flipped one too.
  private func repacked(
    channels: Int, height: Int, width: Int,
    _ index: (_ channel: Int, _ row: Int, _ column: Int) -> Int
  ) throws -> Latent {
    let places = (0..<channels).flatMap { channel in
      (0..<height).flatMap { row in (0..<width).map { index(channel, row, $0) } }
    }
    return try replacing(
      values: places.map { values[$0] },
      flipped: flipped.map { flipped in places.map { flipped[$0] } }, posterior: posterior,
      extents: (channels, height, width))
  }
}
