import Glibc

extension LatentScaling {
  /// How far raw latents are from the standard normal prior by what the scaling says of them: the
  /// Kullback-Leibler divergence of a normal distribution with the scaling's mean and deviation, in bits for
  /// each value.
  ///
  /// The mean and the deviation are those of all values of all pictures. What a single picture's distribution
  /// is apart from the prior is more, by what its encoder knows of the picture.
  public var priorBitsPerValue: Double {
    let moments: [(mean: Double, deviation: Double)] =
      mean.isEmpty
      ? [(Double(shift), 1 / Double(factor))]
      : zip(mean, standardDeviation).map { (Double($0), Double($1) / Double(factor)) }
    let nats = moments.reduce(0) { sum, moment in
      let variance = moment.deviation * moment.deviation
      return sum + 0.5 * (variance + moment.mean * moment.mean - 1 - log(variance))
    }
    return nats.bitsOfNats / Double(moments.count)
  }
}
