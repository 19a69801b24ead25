/// Something that a report gives a number for.
public struct ReportMeasure: Sendable, Equatable {
  /// An order of numbers.
  public enum Better: Sendable {
    case higher, lower
  }

  /// What it is called in the JSON of the page.
  public let key: String
  /// What it is called in the table.
  public let title: String
  /// What the numbers count; nil for plain numbers.
  public let unit: String?
  /// Digits after the point.
  public let digits: Int
  /// Which numbers are the good ones.
  public let better: Better

  /// A measure of one's own.
  public init(key: String, title: String, unit: String? = nil, digits: Int, better: Better) {
    self.key = key
    self.title = title
    self.unit = unit
    self.digits = digits
    self.better = better
  }

  /// The peak signal-to-noise ratio; infinite for equal pictures.
  public static let psnr = ReportMeasure(
    key: "psnr", title: "PSNR", unit: "dB", digits: 2, better: .higher)
  /// The structural similarity.
  public static let ssim = ReportMeasure(key: "ssim", title: "SSIM", digits: 4, better: .higher)
  /// The structural similarity over five scales.
  public static let msSSIM = ReportMeasure(
    key: "ms_ssim", title: "MS-SSIM", digits: 4, better: .higher)
  /// The score of SSIMULACRA 2.
  public static let ssimulacra2 = ReportMeasure(
    key: "ssimulacra2", title: "SSIMULACRA 2", digits: 2, better: .higher)
  /// The largest difference of two samples.
  public static let maximumDifference = ReportMeasure(
    key: "max_difference", title: "Largest difference", unit: "of 255", digits: 0, better: .lower)
  /// The bits of a latent's file for each pixel of the picture.
  public static let bitsPerPixel = ReportMeasure(
    key: "bpp", title: "Rate", unit: "bpp", digits: 3, better: .lower)

  /// The text of a value, with its unit.
  func text(_ value: Double) -> String { number(value) + (unit.map { " \($0)" } ?? "") }

  /// The text of a value.
  func number(_ value: Double) -> String { value.isFinite ? value.fixed(digits) : "\u{221E}" }

  /// A number that is the lower, the worse the value is.
  func goodness(_ value: Double) -> Double { better == .higher ? value : -value }
}
