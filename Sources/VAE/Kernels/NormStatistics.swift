/// The sums from which the statistics of a group norm are formed, gathered where a tensor is written.
///
/// Every tile has totals of its own, and they are added up in the tiles' order: the result does not
/// depend on which thread computed which. f64 keeps E[x²] − E[x]² exact enough: with 10⁷ values and a
/// mean a thousand times the deviation, the variance still has nine digits.
struct NormStatistics {
  private let channels: Int
  private let pixelCount: Int
  private var tileSums: [Double]

  /// Room for the totals of `tileCount` tiles of a tensor of `shape`.
  init(shape: TensorShape, tileCount: Int) {
    channels = shape.channels
    pixelCount = shape.pixelCount
    tileSums = [Double](repeating: 0, count: 2 * shape.channels * tileCount)
  }

  /// Calls `body` with the totals of all tiles: 2 · channels for each, sums and then sums of squares.
  mutating func withTileSums<Result>(
    _ body: (UnsafeMutablePointer<Double>?) throws -> Result
  ) rethrows -> Result {
    try unsafe tileSums.withUnsafeMutableBufferPointer { try unsafe body($0.baseAddress) }
  }

  /// What `norm` does to each channel of the tensor.
  ///
  /// - Parameters:
  ///   - weight: one value a channel.
  ///   - bias: one value a channel.
  /// - Precondition: the groups divide the channels.
  func coefficients(of norm: GroupNorm, weight: [Float], bias: [Float]) -> NormCoefficients {
    var totals = [Double](repeating: 0, count: 2 * channels)
    for start in stride(from: 0, to: tileSums.count, by: 2 * channels) {
      for index in totals.indices { totals[index] += tileSums[start + index] }
    }
    let size = channels / norm.groups
    let count = Double(size * pixelCount)
    var scale: [Float] = []
    var shift: [Float] = []
    for group in 0..<norm.groups {
      let members = group * size..<(group + 1) * size
      let mean = members.reduce(0) { $0 + totals[$1] } / count
      let meanSquare = members.reduce(0) { $0 + totals[channels + $1] } / count
      let variance = max(meanSquare - mean * mean, 0)
      let inverse = 1 / (variance + Double(norm.epsilon)).squareRoot()
      for channel in members {
        let factor = Double(weight[channel]) * inverse
        scale.append(Float(factor))
        shift.append(Float(Double(bias[channel]) - mean * factor))
      }
    }
    return NormCoefficients(scale: scale, shift: shift)
  }
}
