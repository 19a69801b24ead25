/// The quality that a picture must keep.
public struct QualityBounds: Sendable, Equatable {
  /// In dB; pictures that lost nothing keep every bound.
  public var minimumPSNR: Double?
  /// -1...1; missed by pictures that are too small to have an SSIM.
  public var minimumSSIM: Double?
  /// 0...1; missed by pictures that are too small to have an MS-SSIM.
  public var minimumMSSSIM: Double?
  /// Up to 100; missed by pictures that are too small to have a SSIMULACRA 2.
  public var minimumSSIMULACRA2: Double?
  /// The largest difference that two samples may have, in levels of 8 bits, 0...255.
  public var maximumDifference: Double?

  /// Bounds; what is left out may be anything.
  public init(
    minimumPSNR: Double? = nil, minimumSSIM: Double? = nil, minimumMSSSIM: Double? = nil,
    minimumSSIMULACRA2: Double? = nil, maximumDifference: Double? = nil
  ) {
    self.minimumPSNR = minimumPSNR
    self.minimumSSIM = minimumSSIM
    self.minimumMSSSIM = minimumMSSSIM
    self.minimumSSIMULACRA2 = minimumSSIMULACRA2
    self.maximumDifference = maximumDifference
  }

  /// Whether there is nothing to keep.
  public var isEmpty: Bool { self == QualityBounds() }

  /// The bounds that a comparison misses, in the order of the properties.
  public func misses(of comparison: Comparison) -> [QualityMiss] {
    let candidates: [(QualityMiss.Measure, bound: Double?, found: Double?)] = [
      (.psnr, minimumPSNR, comparison.psnr ?? .infinity), (.ssim, minimumSSIM, comparison.ssim),
      (.msSSIM, minimumMSSSIM, comparison.msSSIM),
      (.ssimulacra2, minimumSSIMULACRA2, comparison.ssimulacra2),
      (.maximumDifference, maximumDifference, comparison.maximumDifference),
    ]
    return candidates.compactMap { measure, bound, found in
      guard let bound,
        found.map({ measure.isBetterHigh ? $0 < bound : $0 > bound }) ?? true
      else { return nil }
      return QualityMiss(measure: measure, bound: bound, found: found)
    }
  }

  /// Checks that a comparison keeps all bounds.
  ///
  /// - Throws: `QualityError`.
  public func check(_ comparison: Comparison) throws {
    let misses = misses(of: comparison)
    if !misses.isEmpty { throw QualityError(misses: misses) }
  }
}

/// A bound that a picture misses.
public struct QualityMiss: Sendable, Equatable, CustomStringConvertible {
  /// What is bounded, by the name that messages have for it.
  public enum Measure: String, Sendable {
    /// `Comparison.psnr`.
    case psnr = "PSNR"
    /// `Comparison.ssim`.
    case ssim = "SSIM"
    /// `Comparison.msSSIM`.
    case msSSIM = "MS-SSIM"
    /// `QualityMeans.psnr`.
    case meanPSNR = "mean PSNR"
    /// `Comparison.ssimulacra2`.
    case ssimulacra2 = "SSIMULACRA 2"
    /// `Comparison.maximumDifference`.
    case maximumDifference = "largest difference"

    /// Whether more is better.
    var isBetterHigh: Bool { self != .maximumDifference }
  }

  /// What is bounded.
  public let measure: Measure
  /// The bound.
  public let bound: Double
  /// What the picture has; nil where it is too small for the measure.
  public let found: Double?

  public var description: String {
    guard let found else { return "the picture is too small for \(measure.rawValue)" }
    let text =
      switch measure {
      case .psnr, .meanPSNR: found.fixed(3) + " dB"
      case .ssim, .msSSIM: found.fixed(5)
      case .ssimulacra2, .maximumDifference: found.fixed(3)
      }
    return "\(measure.rawValue) \(text) is \(measure.isBetterHigh ? "below" : "above") \(bound)"
  }
}

/// A picture misses bounds on its quality.
public struct QualityError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bounds, at least one.
  public let misses: [QualityMiss]

  public var description: String { misses.map(\.description).joined(separator: "; ") }
}
