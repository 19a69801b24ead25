extension Latent {
  /// How a latent is refined against a decoder: gradient steps that bring its picture nearer to the one that
  /// was encoded.
  public struct Refinement: Sendable, Hashable, CustomStringConvertible {
    /// Steps, each a way through the decoder and back; one of `stepRange`.
    public let steps: Int
    /// What the steps make smaller.
    public let loss: Loss
    /// What the mean squared distance from the encoder's latent in scaled units costs, beside the loss; finite
    /// and at least 0.
    public let anchor: Float

    /// How far a picture is from another, samples being in 0...1.
    public enum Loss: String, Sendable, CaseIterable {
      /// The mean squared difference of samples, on which PSNR depends.
      case l2
      /// The mean difference of samples, on which large ones count less than on `l2`.
      case l1
      /// `l1` + 0.2 · (1 - SSIM), which looks at structure: with the built-in model at 20 steps, SSIM is 0.03
      /// higher than with `l2` and PSNR half a decibel lower.
      case ssim
    }

    /// The numbers of steps that there may be.
    public static let stepRange = 1...1000
    /// The levels of effort; 0 stands for no refinement.
    public static let efforts = 0...9

    /// A refinement; nil if a number is out of its range.
    public init?(steps: Int, loss: Loss = .l2, anchor: Float = 0) {
      guard Self.stepRange.contains(steps), anchor.isFinite, anchor >= 0 else { return nil }
      self.steps = steps
      self.loss = loss
      self.anchor = anchor
    }

    /// Such as "20 steps of l2".
    public var description: String {
      "\(steps) step\(steps == 1 ? "" : "s") of \(loss.rawValue)"
        + (anchor > 0 ? ", anchored by \(anchor)" : "")
    }

    /// The steps of a level of effort, one of `efforts`: 20 at 3, 100 at 9.
    public static func steps(ofEffort effort: Int) -> Int {
      [0, 5, 10, 20, 30, 40, 50, 65, 80, 100][effort]
    }
  }
}
