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
    var scale = [Float](repeating: 0, count: channels)
    var shift = scale
    for group in 0..<norm.groups {
      let moments = moments(of: norm, group: group)
      for channel in moments.channels {
        let factor = Double(weight[channel]) * moments.inverseDeviation
        scale[channel] = Float(factor)
        shift[channel] = Float(Double(bias[channel]) - moments.mean * factor)
      }
    }
    return NormCoefficients(scale: scale, shift: shift)
  }

  /// What a group norm knows of one of its groups.
  struct GroupMoments {
    let channels: Range<Int>
    let mean: Double
    /// 1 / √(variance + epsilon)
    let inverseDeviation: Double
  }

  /// The moments of a group of `norm`.
  ///
  /// - Precondition: the groups divide the channels.
  func moments(of norm: GroupNorm, group: Int) -> GroupMoments {
    precondition(
      channels.isMultiple(of: norm.groups), "\(norm.groups) groups of \(channels) channels")
    let size = channels / norm.groups
    let count = Double(size * pixelCount)
    let members = group * size..<(group + 1) * size
    var (sum, squareSum) = (0.0, 0.0)
    for channel in members {
      sum += totals[channel]
      squareSum += totals[channels + channel]
    }
    let (mean, meanSquare) = (sum / count, squareSum / count)
    let variance = max(meanSquare - mean * mean, 0)
    return GroupMoments(
      channels: members, mean: mean,
      inverseDeviation: 1 / (variance + Double(norm.epsilon)).squareRoot())
  }
}
