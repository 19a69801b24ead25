/// What became of a batch.
public struct BatchSummary: Sendable {
  /// The picture that is furthest from its reference.
  public struct Worst: Sendable {
    /// The picture's item.
    public let item: Batch.Item
    /// How far it is.
    public let comparison: Comparison
  }

  /// Items of the batch.
  public internal(set) var itemCount: Int
  /// Items of which the work was done.
  public internal(set) var doneCount = 0
  /// Items whose output existed and was what would be written.
  public internal(set) var skippedCount = 0
  /// Items that failed.
  public internal(set) var failedCount = 0
  /// Bytes of all items that were done, as `BatchResult.byteCount` counts them.
  public internal(set) var byteCount = 0
  /// From the first item to the last, pauses of the reporting closure included.
  public internal(set) var seconds = 0.0
  /// Of pictures that were compared: those that missed a bound count too.
  public internal(set) var means = QualityMeans()
  /// The picture of the lowest PSNR; nil where none differs from its reference.
  public internal(set) var worst: Worst?

  init(itemCount: Int) { self.itemCount = itemCount }

  /// Items that were not begun, because the batch ended before.
  public var leftCount: Int { itemCount - doneCount - skippedCount - failedCount }

  mutating func measure(_ comparison: Comparison, bitsPerPixel: Double?, of item: Batch.Item) {
    means.add(comparison, bitsPerPixel: bitsPerPixel)
    guard let psnr = comparison.psnr else { return }
    if psnr < worst?.comparison.psnr ?? .infinity {
      worst = Worst(item: item, comparison: comparison)
    }
  }
}

/// What work on an item gives, as far as a `BatchSummary` counts it.
public protocol BatchResult: Sendable {
  /// Bytes of the file that was written, or would be.
  var byteCount: Int { get }
  /// How far a picture is from its reference; nil where that was not measured.
  var comparison: Comparison? { get }
  /// Bits of the latent's file for each pixel of a picture that was compared; nil where there is no latent.
  var comparedBitsPerPixel: Double? { get }
}

extension BatchResult {
  /// Nothing was compared.
  public var comparison: Comparison? { nil }
  /// Nothing was measured.
  public var comparedBitsPerPixel: Double? { nil }
}
