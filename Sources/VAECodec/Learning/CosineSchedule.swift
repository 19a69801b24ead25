import Glibc

/// Rates of learning that fall from the first to 0 along half a cosine.
///
/// - SeeAlso: `torch.optim.lr_scheduler.CosineAnnealingLR`.
struct CosineSchedule {
  /// The rate of the first step.
  let rate: Double
  /// Steps until 0.
  let steps: Int

  /// The rate of a step, which are counted from 0.
  subscript(step: Int) -> Double {
    rate * 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
  }
}
