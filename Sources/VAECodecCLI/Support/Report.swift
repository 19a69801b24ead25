import VAECodec

/// What a command did to one input, as `--json` prints it; keys that do not apply are left out.
struct Report: Encodable {
  var input: String?
  var output: String?
  var model: String?
  var width: Int?
  var height: Int?
  /// Channels, height and width.
  var latent: [Int]?
  var bytes: Int?
  var bpp: Double?
  /// A level as a number; "lossless" is a key of its own.
  var quality: Quality?
  var seconds: [String: Double]?
  var peak_memory_bytes: Int?
  var planned_peak_memory_bytes: Int?
  var temporary_file_bytes: Int?
  var multiply_adds: Int?
  var estimated_seconds: Double?
  var comparison: ComparisonReport?
  /// Whether the bounds were kept, where there were any.
  var passed: Bool?
  var posterior_kl_nats: Double?
  var posterior_kl_bits_per_dim: Double?

  init() {}

  private enum CodingKeys: String, CodingKey {
    case input, output, model, width, height, latent, bytes, bpp, quality, lossless
    case seconds, peak_memory_bytes
    case planned_peak_memory_bytes, temporary_file_bytes, multiply_adds, estimated_seconds
    case posterior_kl_nats, posterior_kl_bits_per_dim, passed
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(input, forKey: .input)
    try container.encodeIfPresent(output, forKey: .output)
    try container.encodeIfPresent(model, forKey: .model)
    try container.encodeIfPresent(width, forKey: .width)
    try container.encodeIfPresent(height, forKey: .height)
    try container.encodeIfPresent(latent, forKey: .latent)
    try container.encodeIfPresent(bytes, forKey: .bytes)
    try container.encodeIfPresent(bpp, forKey: .bpp)
    try container.encodeIfPresent(quality?.level, forKey: .quality)
    if quality == .lossless { try container.encode(true, forKey: .lossless) }
    try container.encodeIfPresent(seconds, forKey: .seconds)
    try container.encodeIfPresent(peak_memory_bytes, forKey: .peak_memory_bytes)
    try container.encodeIfPresent(planned_peak_memory_bytes, forKey: .planned_peak_memory_bytes)
    try container.encodeIfPresent(temporary_file_bytes, forKey: .temporary_file_bytes)
    try container.encodeIfPresent(multiply_adds, forKey: .multiply_adds)
    try container.encodeIfPresent(estimated_seconds, forKey: .estimated_seconds)
    try container.encodeIfPresent(posterior_kl_nats, forKey: .posterior_kl_nats)
    try container.encodeIfPresent(posterior_kl_bits_per_dim, forKey: .posterior_kl_bits_per_dim)
    try comparison?.encode(to: encoder)
    try container.encodeIfPresent(passed, forKey: .passed)
  }
}

/// A comparison as `--json` prints it: null for the PSNR of equal pictures and for what small
/// pictures have not.
struct ComparisonReport: Encodable {
  let comparison: Comparison

  private enum CodingKeys: String, CodingKey {
    case psnr, ssim
    case msSSIM = "ms_ssim"
    case maximumDifference = "max_difference"
    case maximumAlphaDifference = "alpha_max_difference"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(comparison.psnr, forKey: .psnr)
    try container.encode(comparison.ssim, forKey: .ssim)
    try container.encode(comparison.msSSIM, forKey: .msSSIM)
    try container.encode(comparison.maximumDifference, forKey: .maximumDifference)
    try container.encodeIfPresent(
      comparison.maximumAlphaDifference, forKey: .maximumAlphaDifference)
  }
}

/// Numbers in the form that people read.
enum Format {
  /// A number with `digits` digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    // Beyond that a float has no digits after the point, and soon more before it than an integer.
    guard abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    let whole = "\(sign)\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A count of bytes in the unit that suits it, powers of 1000.
  static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count) bytes"
    case ..<1_000_000: fixed(Double(count) / 1e3, 1) + " KB"
    default: fixed(Double(count) / 1e6, 1) + " MB"
    }
  }

  /// A comparison in one line.
  static func comparison(_ comparison: Comparison) -> String {
    func number(_ value: Double?, _ digits: Int) -> String {
      value.map { fixed($0, digits) } ?? "-"
    }
    return "PSNR \(comparison.psnr.map { fixed($0, 2) + " dB" } ?? "infinite")"
      + ", SSIM \(number(comparison.ssim, 4)), MS-SSIM \(number(comparison.msSSIM, 4))"
      + ", largest difference \(fixed(comparison.maximumDifference, 0))"
  }
}
