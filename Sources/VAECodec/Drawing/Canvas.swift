/// A picture to draw on: 8-bit RGB samples, row by row, without alpha.
struct Canvas: Sendable, Equatable {
  /// A colour of three components in 0...255.
  struct Color: Sendable, Equatable {
    let red, green, blue: UInt8

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// A grey.
    init(_ level: UInt8) { self.init(level, level, level) }
  }

  let width: Int
  let height: Int
  /// `[height, width, 3]`.
  private(set) var samples: [UInt8]

  init(width: Int, height: Int, _ color: Color) {
    (self.width, self.height) = (width, height)
    samples = [UInt8](capacity: width * height * 3) { samples in
      for _ in 0..<width * height {
        samples.append(color.red)
        samples.append(color.green)
        samples.append(color.blue)
      }
    }
  }

  /// A canvas of `samples`, `[height, width, 3]`.
  init(width: Int, height: Int, samples: [UInt8]) {
    (self.width, self.height, self.samples) = (width, height, samples)
  }

  /// What `image` looks like at 8 bits, on white where it is transparent.
  init(_ image: Image) {
    self.init(
      width: image.width, height: image.height,
      samples: image.flattened(over: .white).color.eightBitValues)
  }

  /// The picture, with `profile` if its colours are those of one.
  func image(profile: ColorProfile? = nil) -> Image {
    Image(width: width, height: height, color: .bits8(samples), profile: profile)
  }

  /// Fills a rectangle, as far as it lies on the canvas.
  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: Color) {
    for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
        let start = 3 * (row * self.width + column)
        samples[start] = color.red
        samples[start + 1] = color.green
        samples[start + 2] = color.blue
      }
    }
  }

  /// Lays `canvas` on this one with its upper left corner at `x` and `y`.
  ///
  /// - Precondition: it lies wholly on this one.
  mutating func draw(_ canvas: Canvas, x: Int, y: Int) {
    precondition(
      x >= 0 && y >= 0 && x + canvas.width <= width && y + canvas.height <= height,
      "\(canvas.width)x\(canvas.height) pixels at \(x), \(y) do not lie on \(width)x\(height)")
    for row in 0..<canvas.height {
      let start = 3 * ((y + row) * width + x)
      let source = 3 * row * canvas.width
      samples.replaceSubrange(
        start..<start + 3 * canvas.width, with: canvas.samples[source..<source + 3 * canvas.width])
    }
  }

  /// Writes a line with the upper left corner of its first character at `x` and `y`.
  ///
  /// - Parameter scale: pixels of the canvas for one of the font.
  mutating func write(_ text: String, x: Int, y: Int, scale: Int = 1, _ color: Color) {
    for (index, character) in text.enumerated() {
      let left = x + index * BitmapFont.advance * scale
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<5 where bits >> (4 - column) & 1 == 1 {
          fill(
            x: left + column * scale, y: y + row * scale, width: scale, height: scale, color)
        }
      }
    }
  }
}

extension String {
  /// The text, with two dots in place of its middle where it has more characters than `maximum`.
  func cut(to maximum: Int) -> String {
    guard count > maximum else { return self }
    guard maximum > 4 else { return String(prefix(max(0, maximum))) }
    // The end of a file's name tells it from others more often than its beginning.
    let end = (maximum - 2) * 3 / 5
    return prefix(maximum - 2 - end) + ".." + suffix(end)
  }
}
