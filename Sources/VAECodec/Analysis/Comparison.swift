import Glibc
import Synchronization
import VAE

/// How far a picture is from its reference.
///
/// Colours are compared as they are stored, without regard to colour profiles. Where either picture
/// has alpha, both are compared as they look on a white matte, and the alpha planes by
/// `maximumAlphaDifference`. Pictures of 8 and 16 bits compare on the scale 0...255.
public struct Comparison: Sendable, Equatable {
  /// Peak signal-to-noise ratio over all RGB samples in dB, at a peak of 255; at least 0, and nil
  /// (infinite) where the colours are equal.
  public let psnr: Double?
  /// Mean structural similarity in -1...1, 1 where the colours are equal; nil where a side is under
  /// 11 pixels.
  ///
  /// Per RGB channel, with an 11x11 Gaussian window of sigma 1.5 wherever it fits wholly inside.
  public let ssim: Double?
  /// Multi-scale structural similarity over five scales in 0...1, 1 where the colours are equal; nil
  /// where a side is under 161 pixels.
  public let msSSIM: Double?
  /// The largest difference of two RGB samples, in levels of 8 bits, 0...255; with 16-bit samples or
  /// alpha it can be a fraction.
  public let maximumDifference: Double
  /// The largest difference in opacity in levels of 8 bits, 0...255, a picture without alpha being
  /// opaque; nil where neither has alpha.
  public let maximumAlphaDifference: Double?

  /// Measures `picture` against `reference`.
  ///
  /// - Parameters:
  ///   - reference: what the picture should be.
  ///   - picture: what it is.
  ///   - resources: the threads to use; the result is the same for any number.
  /// - Throws: `ComparisonError.sizesDiffer`.
  /// - Complexity: about 90 multiplications a sample; memory for some 50 rows of doubles a channel.
  public init(
    _ reference: Image, _ picture: Image, resources: Resources = Resources()
  ) throws {
    guard reference.width == picture.width, reference.height == picture.height else {
      throw ComparisonError.sizesDiffer(
        referenceWidth: reference.width, referenceHeight: reference.height,
        pictureWidth: picture.width, pictureHeight: picture.height)
    }
    let rows = PairedRows(reference, picture)
    let parallel = Parallel(threads: resources.resolvedThreads)
    let channels = try Self.forEachChannel(parallel) { ChannelComparison(rows, channel: $0) }
    let levels = rows.peak / 255
    let squaredError = channels.reduce(0) { $0 + $1.squaredError }
    let sampleCount = Double(3 * rows.width * rows.height)
    psnr =
      squaredError == 0 ? nil : 10 * log10(rows.peak * rows.peak * sampleCount / squaredError)
    ssim = Self.mean(channels.compactMap(\.ssim))
    msSSIM = Self.mean(channels.compactMap(\.msSSIM))
    maximumDifference = channels.reduce(0) { max($0, $1.maximumDifference) } / levels
    maximumAlphaDifference = rows.maximumAlphaDifference.map { $0 / levels }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The only loop that runs in parallel: the results of `measure` for channels 0, 1 and 2.
  private static func forEachChannel(
    _ parallel: Parallel, _ measure: (_ channel: Int) -> ChannelComparison
  ) throws -> [ChannelComparison] {
    let results = Mutex<[ChannelComparison?]>([nil, nil, nil])
    try parallel.forEach(3) { channel, _ in
      let result = measure(channel)
      results.withLock { $0[channel] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}
