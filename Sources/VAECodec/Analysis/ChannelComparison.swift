/// What one colour channel adds to a `Comparison`.
struct ChannelComparison: Sendable {
  /// Sum of the squared differences of the samples, in the unit of `PairedRows`.
  ///
  /// Exact for 8-bit samples without alpha: a sum of whole numbers under 2^53.
  let squaredError: Double
  /// The largest difference of two samples, in the unit of `PairedRows`.
  let maximumDifference: Double
  /// Mean SSIM in -1...1; nil where a side is under 11.
  let ssim: Double?
  /// MS-SSIM in 0...1; nil where a side is under 161.
  let msSSIM: Double?

  /// Measures `channel` (0...2) of two pictures in one pass over their rows.
  init(_ rows: PairedRows, channel: Int) {
    var pyramid = SimilarityPyramid(width: rows.width, height: rows.height, peak: rows.peak)
    var first = Array(repeating: 0.0, count: rows.width)
    var second = first
    var squaredError = 0.0
    var maximum = 0.0
    for row in 0..<rows.height {
      rows.read(row: row, channel: channel, first: &first, second: &second)
      for x in 0..<rows.width {
        let difference = abs(first[x] - second[x])
        squaredError += difference * difference
        maximum = max(maximum, difference)
      }
      pyramid.push(first, second)
    }
    self.squaredError = squaredError
    maximumDifference = maximum
    ssim = pyramid.similarity
    msSSIM = pyramid.multiscaleSimilarity
  }
}
