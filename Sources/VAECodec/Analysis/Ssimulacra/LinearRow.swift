/// A row of a picture in linear light, in 0...1.
struct LinearRow: Sendable {
  /// Samples of each channel.
  let width: Int
  /// Each channel, `[width]`, filled up with zeros to whole blocks of four.
  private(set) var red: [Float]
  private(set) var green: [Float]
  private(set) var blue: [Float]

  private init(width: Int) {
    self.width = width
    red = Array(repeating: 0, count: (width + 3) / 4 * 4)
    green = red
    blue = red
  }

  /// The light of sRGB samples, `[3, width]`.
  init(_ samples: [[Double]], light: LinearLight) {
    self.init(width: samples[0].count)
    for x in 0..<width {
      red[x] = light(samples[0][x])
      green[x] = light(samples[1][x])
      blue[x] = light(samples[2][x])
    }
  }

  /// The means of 2x2 samples of two rows of a picture; the last column of an odd width counts twice.
  init(halving upper: LinearRow, _ lower: LinearRow) {
    self.init(width: (upper.width + 1) / 2)
    Self.halve(upper.red, lower.red, into: &red, width: upper.width)
    Self.halve(upper.green, lower.green, into: &green, width: upper.width)
    Self.halve(upper.blue, lower.blue, into: &blue, width: upper.width)
  }

  private static func halve(
    _ upper: [Float], _ lower: [Float], into line: inout [Float], width: Int
  ) {
    for x in 0..<(width + 1) / 2 {
      let (left, right) = (2 * x, min(2 * x + 1, width - 1))
      line[x] = (upper[left] + upper[right] + lower[left] + lower[right]) * 0.25
    }
  }
}
