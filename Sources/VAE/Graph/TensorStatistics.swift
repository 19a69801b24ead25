/// The sums of a tensor's channels and of their squares, gathered where it is written: what a norm needs
/// to know of it.
///
/// Every chunk has totals of its own, 2 · channels of them: sums and then sums of squares. They are
/// added up in the chunks' order, so that the result does not depend on which thread computed which.
/// f64 keeps E[x²] − E[x]² exact enough: with 10⁷ values and a mean a thousand times the deviation,
/// the variance still has nine digits.
package struct TensorStatistics: Sendable {
  package let pixelCount: Int
  /// The sums of the channels, and then the sums of their squares.
  package let totals: [Double]
  package var channels: Int { totals.count / 2 }

  /// Doubles that the totals of `chunkCount` chunks of `channels` channels take.
  package static func chunkSumCount(chunkCount: Int, channels: Int) -> Int {
    2 * channels * chunkCount
  }

  /// Adds up the totals of `chunkCount` chunks of a tensor of `shape`.
  package init(_ shape: TensorShape, chunkSums: UnsafePointer<Double>, chunkCount: Int) {
    pixelCount = shape.pixelCount
    var totals = [Double](repeating: 0, count: 2 * shape.channels)
    for chunk in 0..<chunkCount {
      for index in totals.indices {
        unsafe totals[index] += chunkSums[chunk * totals.count + index]
      }
    }
    self.totals = totals
  }
}
