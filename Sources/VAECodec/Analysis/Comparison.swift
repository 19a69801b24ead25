import Glibc
import VAE

/// How far a picture is from its reference.
///
/// Colours are compared as they are stored, without regard to colour profiles. Where either picture
/// has alpha, both are compared as they look on a white matte, and the alpha planes by
/// `maximumAlphaDifference`. Pictures of 8 and 16 bits compare on the scale 0...255. PSNR and SSIM are
/// the same if the two pictures change places; SSIMULACRA 2 is not.
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
  /// SSIMULACRA 2, version 2.1, as libjxl's tool computes it: 100 where the colours are equal, 90 where
  /// people cannot see the difference, 70 for high, 50 for medium and 30 for low quality, without a lower
  /// end; nil where a side is under 8 pixels.
  ///
  /// Samples are taken as sRGB.
  public let ssimulacra2: Double?
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
  /// - Complexity: about 300 multiplications a sample; memory for the width only, some 13 KB a column.
  public init(
    _ reference: Image, _ picture: Image, resources: Resources = Resources()
  ) throws {
    let rows = try PairedRows(reference, picture)
    let parallel = Parallel(threads: resources.resolvedThreads)
    let channels = try parallel.map(3) { ChannelComparison(rows, channel: $0) }
    let levels = rows.peak / 255
    let squaredError = channels.reduce(0) { $0 + $1.squaredError }
    let sampleCount = Double(3 * rows.width * rows.height)
    psnr =
      squaredError == 0 ? nil : 10 * log10(rows.peak * rows.peak * sampleCount / squaredError)
    ssim = Self.mean(channels.compactMap(\.ssim))
    msSSIM = Self.mean(channels.compactMap(\.msSSIM))
    ssimulacra2 = try Ssimulacra2.score(rows, parallel)
    maximumDifference = channels.reduce(0) { max($0, $1.maximumDifference) } / levels
    maximumAlphaDifference = rows.maximumAlphaDifference.map { $0 / levels }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
