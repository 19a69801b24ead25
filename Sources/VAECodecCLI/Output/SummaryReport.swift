import VAECodec

/// What became of a batch, as `--json` prints it at the end.
struct SummaryReport: Encodable {
  private let summary: Counts

  /// - Parameter passed: whether the means keep their bounds; nil where there are none.
  init(_ summary: BatchSummary, passed: Bool?) {
    self.summary = Counts(
      items: summary.itemCount, done: summary.doneCount, skipped: summary.skippedCount,
      failed: summary.failedCount, left: summary.leftCount, seconds: summary.seconds,
      bytes: summary.byteCount, mean: summary.means.count > 0 ? Means(summary.means) : nil,
      worst: summary.worst.map { Worst(input: $0.item.input, psnr: $0.comparison.psnr) },
      passed: passed)
  }

  private struct Counts: Encodable {
    let items: Int
    let done: Int
    let skipped: Int
    let failed: Int
    let left: Int
    let seconds: Double
    let bytes: Int
    let mean: Means?
    let worst: Worst?
    let passed: Bool?
  }

  /// Null where no picture has the measure.
  private struct Means: Encodable {
    private let means: QualityMeans

    init(_ means: QualityMeans) { self.means = means }

    private enum CodingKeys: String, CodingKey {
      case psnr, ssim, ssimulacra2, bpp
      case msSSIM = "ms_ssim"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(means.psnr, forKey: .psnr)
      try container.encode(means.ssim, forKey: .ssim)
      try container.encode(means.msSSIM, forKey: .msSSIM)
      try container.encode(means.ssimulacra2, forKey: .ssimulacra2)
      try container.encodeIfPresent(means.bitsPerPixel, forKey: .bpp)
    }
  }

  private struct Worst: Encodable {
    let input: String
    let psnr: Double?
  }
}
