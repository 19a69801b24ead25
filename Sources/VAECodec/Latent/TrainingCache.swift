/// What a training program keeps in its cache beside a latent.
public struct TrainingCache: Sendable, Equatable {
  /// Width and height of the picture in pixels before it was resized; nil if the file does not say.
  public let originalSize: [Int]?
  /// Left, top, right and bottom of the picture inside its bucket, in pixels, or the first two of them;
  /// nil if the file does not say.
  public let crop: [Double]?
  /// `[channels, height, width]`: the latent of the mirrored picture, in the units of the latent.
  public let flipped: [Float]?
  /// The opacity in 0...1 of each pixel that the latent covers, row-major.
  public let alphaMask: [Float]?

  /// What a cache keeps.
  public init(
    originalSize: [Int]? = nil, crop: [Double]? = nil, flipped: [Float]? = nil,
    alphaMask: [Float]? = nil
  ) {
    self.originalSize = originalSize
    self.crop = crop
    self.flipped = flipped
    self.alphaMask = alphaMask
  }

  /// The same with what `transform` makes of the flipped latent, if there is one.
  func replacingFlipped(_ transform: ([Float]) throws -> [Float]) rethrows -> TrainingCache {
    TrainingCache(
      originalSize: originalSize, crop: crop, flipped: try flipped.map(transform),
      alphaMask: alphaMask)
  }
}
