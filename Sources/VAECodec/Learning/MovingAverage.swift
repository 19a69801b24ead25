import VAE

/// Values averaged over steps, the last ones counting most.
///
/// - SeeAlso: `torch.optim.swa_utils.get_ema_multi_avg_fn`.
struct MovingAverage: Equatable {
  /// The average.
  private(set) var values: [Float]

  /// An average that begins with `values`.
  init(_ values: [Float]) { self.values = values }

  /// Takes the values of a step into the average.
  ///
  /// - Parameter decay: how much of the average stays, in 0..<1.
  /// - Precondition: there are as many as in the average.
  mutating func add(_ new: [Float], keeping decay: Float) {
    precondition(0 <= decay && decay < 1, "a decay of \(decay)")
    precondition(new.count == values.count, "\(new.count) values for \(values.count)")
    for index in values.indices { values[index] += (1 - decay) * (new[index] - values[index]) }
  }
}
