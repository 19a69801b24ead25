import VAECodec

/// Bounds on the quality of a picture that decide the exit status.
struct Thresholds {
  private static let minimumPSNR = OptionSpec(
    "min-psnr", placeholder: "DB", help: "exit with status 1 if the PSNR is below DB")
  private static let minimumSSIM = OptionSpec(
    "min-ssim", placeholder: "X", help: "exit with status 1 if the SSIM is below X")
  private static let minimumMSSSIM = OptionSpec(
    "min-ms-ssim", placeholder: "X", help: "exit with status 1 if the MS-SSIM is below X")

  /// The options that set the bounds.
  static let options = [minimumPSNR, minimumSSIM, minimumMSSSIM]

  private let psnr: Double?
  private let ssim: Double?
  private let msSSIM: Double?

  /// The bounds that the options set.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    psnr = try arguments.number(Self.minimumPSNR, in: 0...200)
    ssim = try arguments.number(Self.minimumSSIM, in: -1...1)
    msSSIM = try arguments.number(Self.minimumMSSSIM, in: 0...1)
  }

  /// Whether `comparison` keeps all bounds; nil if there are none.
  func passes(_ comparison: Comparison) -> Bool? {
    psnr == nil && ssim == nil && msSSIM == nil ? nil : misses(of: comparison).isEmpty
  }

  /// Complains of each bound that `comparison` misses, in the name of `what`.
  ///
  /// - Throws: `ReportedFailure` if there was one.
  func check(_ comparison: Comparison, of what: String) throws {
    let misses = misses(of: comparison)
    misses.forEach { Console.complain("\(what): \($0)") }
    if !misses.isEmpty { throw ReportedFailure() }
  }

  private func misses(of comparison: Comparison) -> [String] {
    // A PSNR of nil is infinite; the others are nil where the picture is too small to have them.
    var misses: [String] = []
    if let psnr, let found = comparison.psnr, found < psnr {
      misses.append("PSNR \(Format.fixed(found, 3)) dB is below \(psnr)")
    }
    for (name, bound, found) in [
      ("SSIM", ssim, comparison.ssim), ("MS-SSIM", msSSIM, comparison.msSSIM),
    ] {
      guard let bound else { continue }
      if let found, found >= bound { continue }
      misses.append(
        found.map { "\(name) \(Format.fixed($0, 5)) is below \(bound)" }
          ?? "the picture is too small for \(name)")
    }
    return misses
  }
}
