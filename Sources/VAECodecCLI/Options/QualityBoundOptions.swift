import VAECodec

/// The options for bounds on quality that decide the exit status.
enum QualityBoundOptions {
  private static let minimumPSNR = OptionSpec(
    "min-psnr", placeholder: "DB", help: "exit with status 1 if the PSNR is below DB")
  private static let minimumSSIM = OptionSpec(
    "min-ssim", placeholder: "X", help: "exit with status 1 if the SSIM is below X")
  private static let minimumMSSSIM = OptionSpec(
    "min-ms-ssim", placeholder: "X", help: "exit with status 1 if the MS-SSIM is below X")
  private static let minimumSSIMULACRA2 = OptionSpec(
    "min-ssimulacra2", placeholder: "X",
    help: "exit with status 1 if the SSIMULACRA 2 score is below X")
  private static let maximumDifference = OptionSpec(
    "max-difference", placeholder: "N",
    help: "exit with status 1 if any sample differs by more than N levels of 255")

  private static let minimumMeanPSNR = OptionSpec(
    "min-mean-psnr", placeholder: "DB",
    help: "exit with status 1 if the mean PSNR of all pictures is below DB")

  /// The options that set the bounds.
  static let specs = [
    minimumPSNR, minimumSSIM, minimumMSSSIM, minimumSSIMULACRA2, maximumDifference, minimumMeanPSNR,
  ]

  /// The bounds on means that `arguments` set.
  ///
  /// - Throws: `UsageError`.
  static func meanBounds(_ arguments: ParsedArguments) throws -> MeanBounds {
    MeanBounds(minimumPSNR: try arguments.number(minimumMeanPSNR, in: 0...200))
  }

  /// The bounds on each picture that `arguments` set.
  ///
  /// - Throws: `UsageError`.
  static func bounds(_ arguments: ParsedArguments) throws -> QualityBounds {
    QualityBounds(
      minimumPSNR: try arguments.number(minimumPSNR, in: 0...200),
      minimumSSIM: try arguments.number(minimumSSIM, in: -1...1),
      minimumMSSSIM: try arguments.number(minimumMSSSIM, in: 0...1),
      minimumSSIMULACRA2: try arguments.number(minimumSSIMULACRA2, in: -10_000...100),
      maximumDifference: try arguments.number(maximumDifference, in: 0...255))
  }
}
