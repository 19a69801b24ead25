/// Rows of two pictures of one size, on one scale.
///
/// Comparisons read pictures through this type, so that depth and alpha are settled in one place:
/// samples are kept in whole steps of the deeper of the two pictures (8-bit samples become 16-bit
/// ones by a factor of exactly 257), and colours with alpha are laid over a white matte.
struct PairedRows {
  private let first: Image
  private let second: Image
  /// What a white sample reads as: 255, or 65535 where either picture has 16-bit samples.
  let peak: Double

  /// The rows of `first` and `second`.
  ///
  /// - Throws: `ComparisonError.sizesDiffer` of `first` as the reference.
  init(_ first: Image, _ second: Image) throws {
    guard first.width == second.width, first.height == second.height else {
      throw ComparisonError.sizesDiffer(
        referenceWidth: first.width, referenceHeight: first.height, pictureWidth: second.width,
        pictureHeight: second.height)
    }
    self.first = first
    self.second = second
    peak = max(first.color.bitDepth, second.color.bitDepth) == 16 ? 65535 : 255
  }

  /// Width in pixels of both pictures.
  var width: Int { first.width }
  /// Height in pixels of both pictures.
  var height: Int { first.height }

  /// Reads a row of one channel (0 red, 1 green, 2 blue) of both pictures, in 0...`peak`.
  ///
  /// - Precondition: both arrays hold `width` numbers.
  func read(
    row: Int, channel: Int, first firstRow: inout [Double], second secondRow: inout [Double]
  ) {
    read(first, row: row, channel: channel, into: &firstRow)
    read(second, row: row, channel: channel, into: &secondRow)
  }

  /// The largest difference in opacity, in 0...`peak`; nil where neither picture has alpha.
  ///
  /// A picture without alpha counts as opaque.
  var maximumAlphaDifference: Double? {
    guard first.alpha != nil || second.alpha != nil else { return nil }
    var opacity = Array(repeating: peak, count: width)
    var otherOpacity = opacity
    var maximum = 0.0
    for row in 0..<height {
      readAlpha(of: first, row: row, into: &opacity)
      readAlpha(of: second, row: row, into: &otherOpacity)
      for (one, other) in zip(opacity, otherOpacity) { maximum = max(maximum, abs(one - other)) }
    }
    return maximum
  }

  private func readAlpha(of image: Image, row: Int, into opacity: inout [Double]) {
    guard let alpha = image.alpha else { return }
    widen(alpha, from: row * width, step: 1, into: &opacity)
  }

  private func read(_ image: Image, row: Int, channel: Int, into line: inout [Double]) {
    widen(image.color, from: row * width * 3 + channel, step: 3, into: &line)
    guard let alpha = image.alpha else { return }
    var opacity = Array(repeating: peak, count: width)
    widen(alpha, from: row * width, step: 1, into: &opacity)
    for x in 0..<width {
      line[x] = (opacity[x] * line[x] + (peak - opacity[x]) * peak) / peak
    }
  }

  /// Copies every `step`th sample from index `start` on to `line`, as a number in 0...`peak`.
  private func widen(
    _ samples: Image.Samples, from start: Int, step: Int, into line: inout [Double]
  ) {
    switch samples {
    case .bits8(let bytes): widen(bytes, from: start, step: step, into: &line)
    case .bits16(let words): widen(words, from: start, step: step, into: &line)
    }
  }

  private func widen<Sample: FixedWidthInteger>(
    _ samples: [Sample], from start: Int, step: Int, into line: inout [Double]
  ) {
    let factor = peak / Double(Sample.max)
    for x in line.indices { line[x] = Double(samples[start + x * step]) * factor }
  }
}
