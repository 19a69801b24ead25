import Glibc
import VAE

/// SSIMULACRA 2, version 2.1: how much worse than its reference a picture looks.
///
/// - SeeAlso: Jon Sneyers, SSIMULACRA 2, 2022 and 2023, github.com/cloudinary/ssimulacra2; libjxl has
///   the same program.
enum Ssimulacra2 {
  /// The smallest side that is compared, and that is halved once more.
  private static let smallestSide = 8
  /// Scales of large pictures.
  private static let largestDepth = 6

  /// The score: 100 for equal pictures and less for others, without a lower end; nil where a side is
  /// under 8 pixels.
  static func score(_ rows: PairedRows, _ parallel: Parallel) throws -> Double? {
    var scales = scales(width: rows.width, height: rows.height)
    guard !scales.isEmpty else { return nil }
    let light = LinearLight(peak: rows.peak)
    for start in stride(from: 0, to: rows.height, by: SsimulacraScale.bandHeight) {
      let end = min(start + SsimulacraScale.bandHeight, rows.height)
      var band = try parallel.map(end - start) { pair(rows, start + $0, light) }
      for level in scales.indices { band = try scales[level].push(band, parallel) }
    }
    return score(
      norms: (0..<3).flatMap { channel in scales.flatMap { $0.norms(channel: channel) } })
  }

  /// Each scale is half the size of the one before, and there is one more below one without a side under
  /// 8 pixels.
  private static func scales(width: Int, height: Int) -> [SsimulacraScale] {
    var scales: [SsimulacraScale] = []
    var (width, height) = (width, height)
    var side = min(width, height)
    while side >= smallestSide && scales.count < largestDepth {
      scales.append(SsimulacraScale(width: width, height: height))
      side = min(width, height)
      (width, height) = ((width + 1) / 2, (height + 1) / 2)
    }
    return scales
  }

  private static func pair(
    _ rows: PairedRows, _ row: Int, _ light: LinearLight
  ) -> SsimulacraScale.Pair {
    var first = Array(repeating: Array(repeating: 0.0, count: rows.width), count: 3)
    var second = first
    for channel in 0..<3 {
      rows.read(row: row, channel: channel, first: &first[channel], second: &second[channel])
    }
    return (LinearRow(first, light: light), LinearRow(second, light: light))
  }

  private static func score(norms: [Double]) -> Double {
    // Small pictures have fewer scales, and the weights of the others move up.
    let error = 0.956_238_261_683_484_4 * zip(norms, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let scaled =
      2.326_765_642_916_932 * error - 0.020_884_521_182_843_837 * error * error
      + 6.248_496_625_763_138e-05 * error * error * error
    return scaled > 0 ? 100 - 10 * pow(scaled, 0.627_633_646_783_138_7) : 100
  }
}
