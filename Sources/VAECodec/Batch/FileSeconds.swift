/// How long the parts of the work on one file took; nil for what was not done.
public struct FileSeconds: Sendable, Equatable {
  /// Reading and understanding the input.
  public internal(set) var read: Double?
  /// The encoder.
  public internal(set) var encode: Double?
  /// The decoder, or the preview in its place.
  public internal(set) var decode: Double?
  /// Coding and writing the output.
  public internal(set) var write: Double?

  /// Runs `body` and keeps its duration as that of `part`.
  mutating func measure<Result>(
    _ part: WritableKeyPath<Self, Double?>, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    defer { self[keyPath: part] = (ContinuousClock.now - start).seconds }
    return try body()
  }
}
