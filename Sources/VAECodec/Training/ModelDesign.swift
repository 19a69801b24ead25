import VAE

/// The shape of a new `AutoencoderKL`.
public struct ModelDesign: Sendable, Equatable, Codable {
  /// Channels of the levels, from the picture's resolution down, 1 to 8 numbers in 1...16384; each level but the
  /// first halves the sides.
  public var widths = [16, 32, 64, 64]
  /// Residual blocks of a level, in 1...64; the decoder has one more.
  public var layersPerBlock = 1
  /// Channels of the latent, in 1...1024.
  public var latentChannels = 4
  /// Groups of every norm, which divide all widths; nil for as many as suit.
  public var groups: Int?
  /// Whether the middle blocks have an attention layer.
  public var hasAttention = false

  /// The usual shape: a factor of 8 in 0.7 million weights.
  public init() {}

  /// Pixels of a side that one latent covers.
  public var spatialFactor: Int { 1 << (widths.count - 1) }

  /// - Precondition: the numbers are in their ranges.
  var config: AutoencoderKLConfig {
    AutoencoderKLConfig(
      widths: widths, layersPerBlock: layersPerBlock, latentChannels: latentChannels,
      groups: groups, hasAttention: hasAttention)
  }
}
