/// What a training program keeps in its cache beside a latent.
public struct TrainingCache: Sendable, Equatable {
  /// Width and height of the picture in pixels before it was resized; nil if the file does not say.
  public var originalSize: [Int]?
  /// Left, top, right and bottom of the picture inside its bucket, in pixels, or the first two of them;
  /// nil if the file does not say.
  public var crop: [Double]?
  /// The opacity in 0...1 of each pixel that the latent covers, row-major.
  public var alphaMask: [Float]?

  /// What a cache keeps.
  public init(
    originalSize: [Int]? = nil, crop: [Double]? = nil, alphaMask: [Float]? = nil
  ) {
    self.originalSize = originalSize
    self.crop = crop
    self.alphaMask = alphaMask
  }
}
