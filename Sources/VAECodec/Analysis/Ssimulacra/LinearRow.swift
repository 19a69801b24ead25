/// A row of a picture in linear light, in 0...1.
struct LinearRow {
  /// Each channel, `[width]`, filled up with zeros to whole blocks of four.
  var red: [Float]
  var green: [Float]
  var blue: [Float]

  /// A black row.
  init(width: Int) {
    red = Array(repeating: 0, count: (width + 3) / 4 * 4)
    green = red
    blue = red
  }

  /// Sets the channels from sRGB samples.
  mutating func read(red: [Double], green: [Double], blue: [Double], light: LinearLight) {
    for x in red.indices {
      self.red[x] = light(red[x])
      self.green[x] = light(green[x])
      self.blue[x] = light(blue[x])
    }
  }

  /// Sets every channel to the means of 2x2 samples of two rows of a picture of `width` samples; the
  /// last column of an odd width counts twice.
  mutating func halve(_ upper: LinearRow, _ lower: LinearRow, width: Int) {
    Self.halve(upper.red, lower.red, into: &red, width: width)
    Self.halve(upper.green, lower.green, into: &green, width: width)
    Self.halve(upper.blue, lower.blue, into: &blue, width: width)
  }

  private static func halve(
    _ upper: [Float], _ lower: [Float], into line: inout [Float], width: Int
  ) {
    for x in 0..<width / 2 {
      line[x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) * 0.25
    }
    if width % 2 == 1 {
      let (above, below) = (upper[width - 1], lower[width - 1])
      line[width / 2] = (above + above + below + below) * 0.25
    }
  }
}
