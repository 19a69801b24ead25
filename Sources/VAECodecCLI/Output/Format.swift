import VAECodec

/// Numbers in the form that people read.
enum Format {
  /// A count of bytes in the unit that suits it, powers of 1000.
  static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count) bytes"
    case ..<1_000_000: (Double(count) / 1e3).fixed(1) + " KB"
    default: (Double(count) / 1e6).fixed(1) + " MB"
    }
  }

  /// A number with zeros before it, so that the numbers up to `count` sort as they follow each other.
  static func number(_ number: Int, of count: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(3, "\(count)".count) - digits.count) + digits
  }

  /// A comparison in one line.
  static func comparison(_ comparison: Comparison) -> String {
    func number(_ value: Double?, _ digits: Int) -> String {
      value.map { $0.fixed(digits) } ?? "-"
    }
    return "PSNR \(comparison.psnr.map { $0.fixed(2) + " dB" } ?? "infinite")"
      + ", SSIM \(number(comparison.ssim, 4)), MS-SSIM \(number(comparison.msSSIM, 4))"
      + ", SSIMULACRA2 \(number(comparison.ssimulacra2, 2))"
      + ", largest difference \(comparison.maximumDifference.fixed(0))"
  }

  /// What refining a latent brought, as the end of a line; empty where nothing was refined.
  static func gain(_ refined: RefinedLatent?) -> String {
    guard let refined, let before = refined.before.psnr, let after = refined.after.psnr else {
      return ""
    }
    return ", refined from \(before.fixed(2)) to \(after.fixed(2)) dB"
  }

  /// The means of a batch of comparisons, and the worst of them, in one line.
  static func means(_ summary: BatchSummary) -> String {
    let worst = summary.worst.map {
      "; worst: \($0.item.input), PSNR \(($0.comparison.psnr ?? 0).fixed(2)) dB"
    }
    return "mean of \(summary.means.count): \(means(summary.means))" + (worst ?? "")
  }

  /// What became of the items of a batch, in one line.
  static func counts(_ summary: BatchSummary) -> String {
    let counts = [
      (summary.skippedCount, "skipped"), (summary.failedCount, "failed"),
      (summary.leftCount, "not begun"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let bytes = summary.byteCount > 0 ? [bytes(summary.byteCount)] : []
    return "\(summary.itemCount) \(summary.itemCount == 1 ? "file" : "files"): "
      + (["\(summary.doneCount) done"] + counts + ["\(summary.seconds.fixed(1)) s"] + bytes)
      .joined(separator: ", ")
  }

  /// The means of several comparisons in one line.
  static func means(_ means: QualityMeans) -> String {
    func number(_ value: Double?, _ digits: Int) -> String { value?.fixed(digits) ?? "-" }
    let psnr = means.psnr.map { $0.fixed(2) + " dB" } ?? "infinite"
    // Equal pictures have no PSNR that could count.
    let equal = means.psnr == nil ? 0 : means.count - means.differingCount
    return
      "PSNR \(psnr)\(equal > 0 ? " (\(equal) equal left out)" : ""), SSIM \(number(means.ssim, 4))"
      + ", MS-SSIM \(number(means.msSSIM, 4)), SSIMULACRA2 \(number(means.ssimulacra2, 2))"
      + (means.bitsPerPixel.map { ", \($0.fixed(3)) bpp" } ?? "")
  }
}
