extension [Float] {
  /// Makes a gradient shorter that is longer than `length`, and keeps its direction.
  ///
  /// - Returns: how long it was; not a number where some element is not finite, and then it is left as it is.
  /// - SeeAlso: `torch.nn.utils.clip_grad_norm_`.
  mutating func clip(toLength length: Double) -> Double {
    let found = reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let factor = Float(length / (found + 1e-6))
    if factor < 1 {
      for index in indices { self[index] *= factor }
    }
    return found.isFinite ? found : .nan
  }
}
