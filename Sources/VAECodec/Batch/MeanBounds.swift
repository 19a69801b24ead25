/// The least quality that the pictures of a batch must keep in the mean.
public struct MeanBounds: Sendable, Equatable {
  /// In dB, of the pictures that lost anything; kept where none did.
  public var minimumPSNR: Double?

  /// Bounds; what is left out may be anything.
  public init(minimumPSNR: Double? = nil) { self.minimumPSNR = minimumPSNR }

  /// Whether there is nothing to keep.
  public var isEmpty: Bool { self == MeanBounds() }

  /// The bounds that `means` miss.
  public func misses(of means: QualityMeans) -> [QualityMiss] {
    guard let minimumPSNR, let psnr = means.psnr, psnr < minimumPSNR else { return [] }
    return [QualityMiss(measure: .meanPSNR, bound: minimumPSNR, found: psnr)]
  }
}
