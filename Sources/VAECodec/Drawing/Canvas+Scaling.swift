/// Making pictures larger and smaller.
extension Canvas {
  /// The picture with each pixel as a square of `factor` times `factor`.
  func enlarged(by factor: Int) -> Canvas {
    guard factor > 1 else { return self }
    let samples = [UInt8](capacity: samples.count * factor * factor) { output in
      for row in 0..<height * factor {
        for column in 0..<width {
          let start = 3 * (row / factor * width + column)
          for _ in 0..<factor {
            for channel in 0..<3 { output.append(self.samples[start + channel]) }
          }
        }
      }
    }
    return Canvas(width: width * factor, height: height * factor, samples: samples)
  }

  /// The picture with a longest side of `side` pixels, in its proportions.
  func resized(longestSide side: Int) -> Canvas {
    let size = Self.size(width, height, longestSide: side)
    return resized(width: size.width, height: size.height)
  }

  /// The size of a picture of `width` and `height` in its proportions with a longest side of `side`.
  static func size(_ width: Int, _ height: Int, longestSide side: Int) -> (width: Int, height: Int)
  {
    func scaled(_ extent: Int) -> Int {
      let longest = max(width, height)
      return max(1, (2 * extent * side + longest) / (2 * longest))
    }
    return (scaled(width), scaled(height))
  }

  /// The picture with the pixels of its longest side at most `side`; itself if it is no larger.
  func reduced(toLongestSide side: Int) -> Canvas {
    max(width, height) > side ? resized(longestSide: side) : self
  }

  /// The picture at another size: smooth where it grows, without moiré where it shrinks.
  ///
  /// Both directions one after the other, by Keys' cubic convolution (a = -0.5), widened where the picture
  /// shrinks.
  ///
  /// - Complexity: four multiplications a sample and direction, times the factor by which it shrinks.
  func resized(width newWidth: Int, height newHeight: Int) -> Canvas {
    guard newWidth != width || newHeight != height else { return self }
    let columns = Self.taps(from: width, to: newWidth)
    let rows = Self.taps(from: height, to: newHeight)
    var lines = [[Float]](repeating: [], count: height)
    var output: [UInt8] = []
    output.reserveCapacity(3 * newWidth * newHeight)
    for tap in rows {
      for row in tap.first..<tap.first + tap.weights.count where lines[row].isEmpty {
        lines[row] = line(row, columns)
      }
      // Lines above are never read again.
      for row in (0..<tap.first).reversed() {
        guard !lines[row].isEmpty else { break }
        lines[row] = []
      }
      for sample in 0..<3 * newWidth {
        var sum: Float = 0
        for (index, weight) in tap.weights.enumerated() {
          sum += weight * lines[tap.first + index][sample]
        }
        output.append(UInt8(min(max(sum, 0), 255).rounded()))
      }
    }
    return Canvas(width: newWidth, height: newHeight, samples: output)
  }

  /// A row with as many pixels as `taps`.
  private func line(_ row: Int, _ taps: [Tap]) -> [Float] {
    let start = row * width
    var line: [Float] = []
    line.reserveCapacity(3 * taps.count)
    for tap in taps {
      for channel in 0..<3 {
        var sum: Float = 0
        for (index, weight) in tap.weights.enumerated() {
          sum += weight * Float(samples[3 * (start + tap.first + index) + channel])
        }
        line.append(sum)
      }
    }
    return line
  }

  /// Which old pixels make a new one.
  private struct Tap {
    let first: Int
    let weights: [Float]
  }

  private static func taps(from count: Int, to newCount: Int) -> [Tap] {
    let step = Double(count) / Double(newCount)
    let stretch = max(step, 1)
    return (0..<newCount).map { index in
      let center = (Double(index) + 0.5) * step
      let first = max(0, Int((center - 2 * stretch).rounded()))
      let end = min(count, Int((center + 2 * stretch).rounded()))
      let weights = (first..<max(end, first + 1)).map {
        cubic((Double($0) + 0.5 - center) / stretch)
      }
      let sum = weights.reduce(0, +)
      return Tap(first: first, weights: weights.map { Float($0 / sum) })
    }
  }

  private static func cubic(_ distance: Double) -> Double {
    let x = abs(distance)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
  }
}

extension Image {
  /// The picture with a longest side of `side` pixels, in its proportions: of 8 bits, and on white where it
  /// is transparent.
  ///
  /// Cubic, and widened where the picture shrinks.
  ///
  /// - Precondition: `side` is positive.
  public func resized(longestSide side: Int) -> Image {
    precondition(side > 0, "a picture cannot be \(side) pixels long")
    return Canvas(self).resized(longestSide: side).image(profile: profile)
  }
}
