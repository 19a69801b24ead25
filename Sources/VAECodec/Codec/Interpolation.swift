import VAE

/// Pictures between the pictures of latents, in their order.
public struct Interpolation: Sendable {
  /// A way from one picture to the next.
  public enum Path: String, Sendable, CaseIterable {
    /// A way between the latents, as `LatentPath`.
    case lerp, slerp, channel
    /// The decoded pictures mixed: a cross-fade, to hold the others against.
    case pixel

    /// The way between latents; nil for pictures.
    var latentPath: LatentPath? { LatentPath(rawValue: rawValue) }
  }

  /// A picture on the way.
  public struct Frame: Sendable, Equatable {
    /// The way.
    public let path: Path
    /// How far it is: 0 for the first latent, 1 for the second, 2 for the third.
    public let position: Double
    /// The number of the latent before it.
    let leg: Int
    /// How far it is from that latent to the next, in 0...1.
    let t: Double
  }

  /// As they are decoded.
  let latents: [Latent]
  /// In the units in which they are mixed.
  let comparable: [Latent]
  /// Path by path, each from the first latent to the last.
  public let frames: [Frame]
  /// The frames of one path.
  public let columnCount: Int

  /// Frames between `latents`.
  ///
  /// - Parameters:
  ///   - latents: at least two, of the codec's space and equal sizes.
  ///   - paths: the files of the latents, for errors; empty where they are of none.
  ///   - codec: the model's.
  ///   - ways: the ways, at least one.
  ///   - count: frames from each latent to the next, both of their own among them; at least 2.
  /// - Throws: `LatentError.unequalSizes`, in an `InputError` where the file is known.
  /// - Precondition: there are as many latents, ways and frames.
  public init(
    _ latents: [Latent], of paths: [String] = [], codec: Codec, along ways: [Path], count: Int
  ) throws {
    precondition(
      latents.count > 1 && !ways.isEmpty && count > 1,
      "\(latents.count) latents, \(ways.count) ways and \(count) frames have nothing between them")
    self.latents = latents.map(\.withoutAlpha)
    for (index, latent) in latents.enumerated() {
      try latents[0].checkSize(of: latent, in: paths.isEmpty ? nil : paths[index])
    }
    comparable = try self.latents.map(codec.comparable)
    let steps = count - 1
    let last = (latents.count - 1) * steps
    columnCount = last + 1
    frames = ways.flatMap { path in
      (0...last).map { index in
        let leg = min(index / steps, latents.count - 2)
        let t = Double(index - leg * steps) / Double(steps)
        return Frame(path: path, position: Double(leg) + t, leg: leg, t: t)
      }
    }
  }
}

extension Codec {
  /// The picture of a frame.
  ///
  /// - Throws: as `decode`.
  public func picture(
    of frame: Interpolation.Frame, in interpolation: Interpolation,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount, progress: ProgressHandler = { _ in }
  ) throws -> Image {
    func decoded(_ latent: Latent, _ progress: ProgressHandler) throws -> Image {
      try decode(latent, maximumPixelCount: maximumPixelCount, progress: progress)
    }
    let ends = interpolation.latents[frame.leg...frame.leg + 1]
    if frame.t == 0 { return try decoded(ends[frame.leg], progress) }
    if frame.t == 1 { return try decoded(ends[frame.leg + 1], progress) }
    guard let path = frame.path.latentPath else {
      let first = try decoded(ends[frame.leg]) { try progress($0 / 2) }
      return first.mixed(
        with: try decoded(ends[frame.leg + 1]) { try progress((1 + $0) / 2) }, at: frame.t)
    }
    let mixed = interpolation.comparable[frame.leg...frame.leg + 1]
    return try decoded(
      mixed[frame.leg].interpolated(to: mixed[frame.leg + 1], at: frame.t, along: path), progress)
  }
}

extension Latent {
  /// The latent of the picture as it was encoded, over its matte where it was transparent.
  fileprivate var withoutAlpha: Latent {
    var latent = self
    latent.picture?.alpha = nil
    latent.picture?.matte = nil
    return latent
  }
}
