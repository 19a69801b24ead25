extension StoredArray {
  /// How an array holds latents: `[channels, height, width]`, a batch of such, either with an axis of one
  /// frame after the channels, or a sequence of tokens, `[tokens, numbers]`, as one channel.
  struct Layout: Sendable, Equatable {
    /// Latents of the batch.
    let count: Int
    let channels: Int
    let height: Int
    let width: Int
    /// Whether there is an axis of frames.
    let hasFrames: Bool

    /// That of an array of `shape`; nil if it holds no latents.
    init?(_ shape: [Int]) {
      var extents = shape
      switch shape.count {
      case 2 where Latent.tokenSizes.contains(shape[1]): extents = [1, 1] + shape
      case 3: extents.insert(1, at: 0)
      // No autoencoder has one channel, but videos of one frame are kept like this.
      case 4 where shape[0] > 1 && shape[1] == 1: extents = [1, shape[0], shape[2], shape[3]]
      case 4: break
      case 5 where shape[2] == 1: extents.remove(at: 2)
      default: return nil
      }
      guard extents.allSatisfy({ $0 > 0 }) else { return nil }
      count = extents[0]
      channels = extents[1]
      height = extents[2]
      width = extents[3]
      hasFrames = shape.count == 5 || shape.count == 4 && shape[0] > 1 && shape[1] == 1
    }

    /// Why an array of `shape` holds none.
    static func refusal(of shape: [Int]) -> String {
      shape.count == 5 && shape[2] > 1
        ? "a video of \(shape[2]) frames, expected one picture"
        : "an array of shape \(shape.prefix(8)) is no latent, expected [1, channels, height, width]"
    }
  }
}
