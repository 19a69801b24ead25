/// What became of the steps since the last validation, and what the model is worth then.
public struct TrainingRecord: Sendable, Equatable, Codable {
  /// Steps that were done; 0 for the model before the first one.
  public let step: Int
  /// What the training pictures cost in these steps, on average; nil before the first one.
  public let training: Loss?
  /// What the validation pictures cost with the averaged weights.
  public let validation: Loss
  /// How near the decoded validation pictures are, in dB: of the mean of their squared errors, each rounded to 8
  /// bits.
  public let psnr: Double
  /// The scale of the likelihood that suits the validation pictures best, or the one that was given, in levels.
  public let scale: Double
  /// What the divergence counted in the last step.
  public let beta: Double
  /// The length of the last step's gradient, for each sample, before it was clipped; nil before the first one.
  public let gradientNorm: Double?

  /// What a picture costs, on average, in nats.
  public struct Loss: Sendable, Equatable, Codable {
    /// How improbable its samples are around what the decoder makes of it.
    public var reconstruction = 0.0
    /// Of its posterior from the prior; 0 where the model makes none.
    public var divergence = 0.0

    /// reconstruction + beta · divergence
    public func total(beta: Double) -> Double { reconstruction + beta * divergence }
  }
}
