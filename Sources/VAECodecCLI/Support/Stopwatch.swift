import VAECodec

/// Measures how long the parts of a command take, in seconds.
struct Stopwatch {
  /// Durations by the name of the part.
  private(set) var seconds: [String: Double] = [:]

  /// Runs `body` and adds its duration to `part`.
  mutating func measure<Result>(_ part: String, _ body: () throws -> Result) rethrows -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    defer { seconds[part, default: 0] += (clock.now - start).seconds }
    return try body()
  }

  /// A stopwatch that starts with the durations of another.
  init(_ other: [String: Double] = [:]) { seconds = other }
}
