/// The range and moments of numbers, such as a latent's values.
public struct ValueStatistics: Sendable, Equatable {
  /// The least value.
  public let minimum: Float
  /// The greatest value.
  public let maximum: Float
  /// The mean.
  public let mean: Double
  /// The standard deviation of the values themselves, not of what they are a sample of.
  public let standardDeviation: Double

  /// The statistics of `values`, of which there is at least one.
  public init(_ values: [Float]) {
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + Double($1) } / count
    let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    (minimum, maximum) = values.reduce((.infinity, -.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    self.mean = mean
    standardDeviation = variance.squareRoot()
  }
}
