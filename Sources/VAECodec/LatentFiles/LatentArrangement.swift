/// How the numbers of an array make a latent, where the array does not show it.
public struct LatentArrangement: Sendable, Equatable {
  /// How an array of twice the channels holds a distribution; nil where the file's names say it.
  public var layout: Latent.MomentsLayout?
  /// Width and height in pixels of the picture that packed tokens are of; nil for a square one.
  public var size: [Int]?
  /// Channels of the latents that are expected; nil where that is not known.
  public var channels: Int?

  /// An arrangement; what is nil is as the array shows it.
  public init(
    layout: Latent.MomentsLayout? = nil, size: [Int]? = nil, channels: Int? = nil
  ) {
    self.layout = layout
    self.size = size
    self.channels = channels
  }

  /// Whether an array of `extents` is one of tokens.
  public func isTokens(_ extents: [Int]) -> Bool {
    size != nil || Latent.areTokens(extents) && channels != 1
  }

  /// How an array of so many channels, in a file called `fileName`, holds a distribution; nil where
  /// nothing says that it does.
  func layout(of entry: LatentFile.Entry, fileName: String) -> Latent.MomentsLayout? {
    if let known = layout ?? entry.momentsLayout { return known }
    let channelCount = entry.extents[0]
    guard channelCount % 2 == 0, channels ?? channelCount / 2 == channelCount / 2 else {
      return nil
    }
    return fileName.contains("mean-std") || fileName.contains("mean_std") ? .meanAndDeviation : nil
  }

  /// Channels of the latent that an entry becomes.
  func channels(of entry: LatentFile.Entry, fileName: String) -> Int {
    if isTokens(entry.extents) { return entry.extents[2] / 4 }
    return layout(of: entry, fileName: fileName) == nil ? entry.extents[0] : entry.extents[0] / 2
  }

  /// The latent that the numbers of `stored`, an array, make.
  ///
  /// - Throws: `LatentError`.
  func arranged(
    _ stored: Latent, of entry: LatentFile.Entry, fileName: String
  ) throws -> Latent {
    guard size != nil || stored.logVariance == nil && stored.space == nil else { return stored }
    if isTokens(entry.extents) { return try stored.unpackedTokens(size: size) }
    return try layout(of: entry, fileName: fileName).map { try stored.separated($0) } ?? stored
  }
}
