/// What became of a batch.
public struct BatchSummary: Sendable {
  /// The round trip that lost the most.
  public struct Worst: Sendable {
    public let item: Batch.Item
    public let comparison: Comparison
  }

  public internal(set) var itemCount: Int
  public internal(set) var doneCount = 0
  /// Items whose output existed and was what would be written.
  public internal(set) var skippedCount = 0
  public internal(set) var failedCount = 0
  /// Bytes of all items that were done, as `BatchResult.byteCount` counts them.
  public internal(set) var byteCount = 0
  /// From the first item to the last, pauses of the reporting closure included.
  public internal(set) var seconds = 0.0
  /// Of round trips: those that missed a bound count too.
  public internal(set) var means = QualityMeans()
  /// The round trip of the lowest PSNR; nil where there was none that lost anything.
  public internal(set) var worst: Worst?

  init(itemCount: Int) { self.itemCount = itemCount }

  mutating func measure(_ roundTrip: RoundTrip, of item: Batch.Item) {
    means.add(roundTrip.comparison, bitsPerPixel: roundTrip.bitsPerPixel)
    guard let psnr = roundTrip.comparison.psnr else { return }
    if psnr < worst?.comparison.psnr ?? .infinity {
      worst = Worst(item: item, comparison: roundTrip.comparison)
    }
  }
}

/// What work on an item gives, as far as a `BatchSummary` counts it.
public protocol BatchResult {
  /// Bytes of the file that was written, or would be.
  var byteCount: Int { get }
  /// What was measured; nil for all work but round trips.
  var roundTrip: RoundTrip? { get }
}

extension BatchResult {
  public var roundTrip: RoundTrip? { nil }
}
