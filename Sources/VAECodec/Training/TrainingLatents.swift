import VAE

/// The latents of the pictures that a decoder learns from, which an encoder that does not change makes once.
struct TrainingLatents: Sendable {
  /// The means of a whole picture.
  private struct Latent: Sendable {
    let width: Int
    let height: Int
    /// `[channels, height, width]`.
    let values: [Float]
  }

  private let side: Int
  private let factor: Int
  private let channels: Int
  /// Of each picture, and then of its mirror image where those are seen too.
  private let latents: [[Latent]]

  /// Encodes whole pictures, one after the other.
  ///
  /// - Throws: as `Autoencoder.encode`.
  init(
    _ pictures: [TrainingPictures.Picture], _ settings: TrainingSettings, _ model: Autoencoder,
    _ options: ExecutionOptions
  ) throws {
    side = settings.side
    factor = model.config.spatialFactor
    channels = model.config.latentChannels
    let (factor, channels) = (factor, channels)
    latents = try pictures.map { picture in
      try (settings.flips ? [false, true] : [false]).map { isFlipped in
        // What does not fill a whole position is left out.
        let (width, height) = (picture.width / factor * factor, picture.height / factor * factor)
        let samples = picture.piece(
          x: 0, y: 0, width: width, height: height, isFlipped: isFlipped
        ).tensor
        let encoded = try model.encode(
          height: height, width: width, options, progress: { _ in }
        ) { $0.fill(samples) }
        let count = channels * (width / factor) * (height / factor)
        return Latent(
          width: width / factor, height: height / factor, values: Array(encoded.prefix(count)))
      }
    }
  }

  /// The latent of a piece, `[channels, side / f, side / f]`.
  func piece(_ piece: TrainingDraws.Piece) -> [Float] {
    let latent = latents[piece.picture][piece.isFlipped ? 1 : 0]
    let side = side / factor
    let row = piece.y / factor
    let start = piece.x / factor
    let column = piece.isFlipped ? latent.width - start - side : start
    return (0..<channels).flatMap { channel in
      (row..<row + side).flatMap { row in
        let first = (channel * latent.height + row) * latent.width + column
        return latent.values[first..<first + side]
      }
    }
  }
}
