/// What one channel of XYB adds to SSIMULACRA 2: the norms of its error maps at up to six scales.
struct SsimulacraChannel: Sendable {
  /// The smallest side that is compared, and that is halved once more.
  static let smallestSide = 8
  /// Scales of large pictures.
  static let largestDepth = 6

  /// For each scale the six norms of `ErrorSums`, the full size first.
  let norms: [[Double]]

  /// Measures `channel` of two pictures in one pass over their rows.
  init(_ rows: PairedRows, channel: XYBChannel) {
    var scales = Self.scales(width: rows.width, height: rows.height, channel: channel)
    let light = LinearLight(peak: rows.peak)
    let line = Array(repeating: 0.0, count: rows.width)
    var (first, second) = (Array(repeating: line, count: 3), Array(repeating: line, count: 3))
    var (firstRow, secondRow) = (LinearRow(width: rows.width), LinearRow(width: rows.width))
    for row in 0..<rows.height {
      for color in 0..<3 {
        rows.read(row: row, channel: color, first: &first[color], second: &second[color])
      }
      firstRow.read(red: first[0], green: first[1], blue: first[2], light: light)
      secondRow.read(red: second[0], green: second[1], blue: second[2], light: light)
      var newest = (first: firstRow, second: secondRow)
      for level in scales.indices {
        guard let halved = scales[level].push(newest.first, newest.second) else { break }
        newest = halved
      }
    }
    for level in scales.indices { scales[level].finish() }
    norms = scales.map(\.norms)
  }

  /// The scales of pictures of a size, none where a side is under 8; a scale is half the size of the one
  /// before, and comes as long as no side of that one is under 8.
  private static func scales(
    width: Int, height: Int, channel: XYBChannel
  ) -> [SsimulacraScale] {
    var scales: [SsimulacraScale] = []
    var (width, height) = (width, height)
    var side = min(width, height)
    while side >= smallestSide && scales.count < largestDepth {
      scales.append(SsimulacraScale(width: width, height: height, channel: channel))
      side = min(width, height)
      (width, height) = ((width + 1) / 2, (height + 1) / 2)
    }
    return scales
  }
}
