/// Normalisation over the pixels and the channels of a group, with a weight and a bias a channel.
struct GroupNorm: Sendable {
  /// Groups of consecutive channels.
  let groups: Int
  /// Added to the variance.
  let epsilon: Float
  /// `[channels]`.
  let weight: Graph.Parameter
  /// `[channels]`.
  let bias: Graph.Parameter
}

extension TensorStatistics {
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
