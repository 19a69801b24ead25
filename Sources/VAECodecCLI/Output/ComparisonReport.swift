import VAECodec

/// A comparison as `--json` prints it: null for the PSNR of equal pictures and for what
/// pictures are too small for.
struct ComparisonReport: Encodable {
  let comparison: Comparison

  private enum CodingKeys: String, CodingKey {
    case psnr, ssim, ssimulacra2
    case msSSIM = "ms_ssim"
    case maximumDifference = "max_difference"
    case maximumAlphaDifference = "alpha_max_difference"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(comparison.psnr, forKey: .psnr)
    try container.encode(comparison.ssim, forKey: .ssim)
    try container.encode(comparison.msSSIM, forKey: .msSSIM)
    try container.encode(comparison.ssimulacra2, forKey: .ssimulacra2)
    try container.encode(comparison.maximumDifference, forKey: .maximumDifference)
    try container.encodeIfPresent(
      comparison.maximumAlphaDifference, forKey: .maximumAlphaDifference)
  }
}
