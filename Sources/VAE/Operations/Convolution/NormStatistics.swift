/// The sums from which the statistics of a group norm are formed, gathered where a tensor is written.
///
/// Every tile has totals of its own, 2 · channels of them: sums and then sums of squares. They are
/// added up in the tiles' order, so that the result does not depend on which thread computed which.
/// f64 keeps E[x²] − E[x]² exact enough: with 10⁷ values and a mean a thousand times the deviation,
/// the variance still has nine digits.
struct NormStatistics {
  private let pixelCount: Int
  /// The sums of the channels, and then the sums of their squares.
  private let totals: [Double]
  private var channels: Int { totals.count / 2 }

  /// Doubles that the totals of `tileCount` tiles of `channels` channels take.
  static func tileSumCount(tileCount: Int, channels: Int) -> Int { 2 * channels * tileCount }

  /// Adds up the totals of `tileCount` tiles of a tensor of `shape`.
  init(_ shape: TensorShape, tileSums: UnsafePointer<Double>, tileCount: Int) {
    pixelCount = shape.pixelCount
    var totals = [Double](repeating: 0, count: 2 * shape.channels)
    for tile in 0..<tileCount {
      for index in totals.indices { unsafe totals[index] += tileSums[tile * totals.count + index] }
    }
    self.totals = totals
  }

  /// What `norm` does to each channel of the tensor.
  ///
  /// - Parameters:
  ///   - weight: one value a channel.
  ///   - bias: one value a channel.
  /// - Precondition: the groups divide the channels.
  func coefficients(of norm: GroupNorm, weight: [Float], bias: [Float]) -> NormCoefficients {
    precondition(
      channels.isMultiple(of: norm.groups), "\(norm.groups) groups of \(channels) channels")
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
