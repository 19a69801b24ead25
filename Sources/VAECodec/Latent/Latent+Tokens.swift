import VAE

extension Latent {
  /// Numbers of a token: those of a square of 2x2 values in 16 or 32 channels.
  package static let tokenSizes: Set<Int> = [64, 128]

  /// Whether the extents may be those of tokens, `[1, tokens, 64 or 128]`.
  static func areTokens(_ extents: [Int]) -> Bool {
    extents[0] == 1 && tokenSizes.contains(extents[2])
  }

  /// Whether this may be the sequence of tokens that a pipeline of FLUX has for a picture.
  var isTokens: Bool { Self.areTokens([channels, height, width]) }

  /// The latent of tokens that a pipeline of FLUX.1 or FLUX.2 gives with `output_type="latent"`: row by
  /// row, each with the channels of a square of 2x2 values; scaled.
  ///
  /// - Parameter size: width and height of the picture in pixels; a square one if nil.
  /// - Throws: `LatentError.notTokens`, and `.unknownGrid` where a picture of such a size, or a square
  ///   one, has not as many tokens.
  /// - SeeAlso: diffusers `pipelines/flux/pipeline_flux.py`, `_pack_latents`, and
  ///   `pipelines/flux2/pipeline_flux2.py`, of the same name: the number of a value in a token is
  ///   `channel · 4 + row · 2 + column` in both.
  func unpackedTokens(size: [Int]?) throws -> Latent {
    guard isTokens else { throw LatentError.notTokens(extents: [channels, height, width]) }
    let (count, length) = (height, width)
    let side = Int(Double(count).squareRoot())
    // The pipelines leave out what does not fill a token.
    let grid = size.map { $0.map { $0 / Self.tokenPixelCount } } ?? [side, side]
    guard Int(product: grid) == count else {
      throw LatentError.unknownGrid(tokens: count, size: size)
    }
    let planes = (0..<length).flatMap { index in
      (0..<count).map { values[$0 * length + index] }
    }
    return try replacing(
      values: planes, posterior: posterior, units: .scaled, extents: (length, grid[1], grid[0])
    ).unpacked(patchSize: 2)
  }

  /// Pixels of a side that one token covers.
  static let tokenPixelCount = 16
}
