/// Means over what several pictures lost.
public struct QualityMeans: Sendable, Equatable {
  /// How many pictures there were.
  public private(set) var count = 0
  /// How many of them differ from their references.
  public private(set) var differingCount = 0
  private var psnrs = Mean()
  private var ssims = Mean()
  private var msSSIMs = Mean()
  private var ssimulacra2s = Mean()
  private var rates = Mean()

  /// The means of no picture yet.
  public init() {}

  /// In dB, over the pictures that lost anything; nil where there was none.
  public var psnr: Double? { psnrs.value }
  /// Over the pictures that are large enough to have one; nil where there was none.
  public var ssim: Double? { ssims.value }
  /// Over the pictures that are large enough to have one; nil where there was none.
  public var msSSIM: Double? { msSSIMs.value }
  /// Over the pictures that are large enough to have one; nil where there was none.
  public var ssimulacra2: Double? { ssimulacra2s.value }
  /// Of the latents, over the pictures of which it was given; nil where there was none.
  public var bitsPerPixel: Double? { rates.value }

  /// Adds a picture.
  public mutating func add(_ comparison: Comparison, bitsPerPixel: Double? = nil) {
    count += 1
    differingCount += comparison.psnr == nil ? 0 : 1
    psnrs.add(comparison.psnr)
    ssims.add(comparison.ssim)
    msSSIMs.add(comparison.msSSIM)
    ssimulacra2s.add(comparison.ssimulacra2)
    rates.add(bitsPerPixel)
  }

  /// The mean of those values that are there.
  private struct Mean: Equatable {
    private var sum = 0.0
    private var count = 0

    var value: Double? { count > 0 ? sum / Double(count) : nil }

    mutating func add(_ value: Double?) {
      guard let value else { return }
      sum += value
      count += 1
    }
  }
}
