import Glibc

/// Rates of learning that rise from 0 in a line, then fall to 0 along half a cosine.
///
/// - SeeAlso: `torch.optim.lr_scheduler.CosineAnnealingLR`; diffusers `optimization.py`,
///   `get_cosine_schedule_with_warmup`.
struct CosineSchedule {
  /// The rate at the end of the warm-up.
  let rate: Double
  /// Steps until 0, those of the warm-up among them.
  let steps: Int
  /// Steps of the warm-up.
  var warmUp = 0

  /// The rate of a step, which are counted from 0.
  subscript(step: Int) -> Double {
    guard step >= warmUp else { return rate * Double(step) / Double(warmUp) }
    return rate * 0.5 * (1 + cos(.pi * Double(step - warmUp) / Double(steps - warmUp)))
  }
}
