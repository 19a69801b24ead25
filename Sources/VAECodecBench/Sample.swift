/// Durations of one thing measured several times.
struct Sample {
  /// Seconds, sorted.
  let seconds: [Double]

  /// The sample of `seconds`, at least one.
  init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "a sample of nothing")
    self.seconds = seconds.sorted()
  }

  /// The middle one.
  var median: Double { seconds[seconds.count / 2] }

  /// The distance between the quartiles, as a part of the median.
  var spread: Double {
    (seconds[seconds.count * 3 / 4] - seconds[seconds.count / 4]) / median
  }

  /// The seconds of the fastest of `count` calls of `body`.
  static func best(of count: Int, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<count { best = min(best, try measure(body)) }
    return best
  }

  /// The seconds of one call of `body`.
  static func measure(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
