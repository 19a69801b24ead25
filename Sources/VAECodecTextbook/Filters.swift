import Glibc
import VAECodec

/// What is done to pictures without any learning: the controls.
/// A picture blurred with a Gaussian of a deviation in pixels.
func blur(_ image: Image, deviation: Double) -> Image {
  let reach = Int((3 * deviation).rounded(.up))
  let weights = (-reach...reach).map { exp(-0.5 * pow(Double($0) / deviation, 2)) }
  let sum = weights.reduce(0, +)
  func passed(_ samples: [Double], _ place: (_ x: Int, _ y: Int, _ offset: Int) -> Int) -> [Double]
  {
    var result = samples
    for y in 0..<image.height {
      for x in 0..<image.width {
        for channel in 0..<3 {
          let total = weights.indices.reduce(0.0) { total, index in
            total + weights[index] * samples[3 * place(x, y, index - reach) + channel]
          }
          result[3 * (y * image.width + x) + channel] = total / sum
        }
      }
    }
    return result
  }
  func clamped(_ place: Int, _ count: Int) -> Int { min(max(place, 0), count - 1) }
  let rows = passed(image.levels) { x, y, offset in
    y * image.width + clamped(x + offset, image.width)
  }
  return Image(
    width: image.width, height: image.height,
    levels: passed(rows) { x, y, offset in clamped(y + offset, image.height) * image.width + x })
}

/// A picture whose missing pixels are each the mean of its four neighbours.
func filledSmoothly(_ image: Image) -> Image {
  var levels = image.levels
  let missing = levels.indices.filter { levels[$0] == Double(Corruption.missingLevel) }
  let row = 3 * image.width
  for _ in 0..<200 {
    for index in missing {
      let column = index % row
      var (sum, count) = (0.0, 0.0)
      func add(_ neighbour: Int, _ isThere: Bool) {
        guard isThere else { return }
        sum += levels[neighbour]
        count += 1
      }
      add(index - 3, column >= 3)
      add(index + 3, column < row - 3)
      add(index - row, index >= row)
      add(index + row, index + row < levels.count)
      levels[index] = sum / count
    }
  }
  return Image(width: image.width, height: image.height, levels: levels)
}

extension Image {
  /// A picture of samples in levels of 8 bits.
  fileprivate init(width: Int, height: Int, levels: [Double]) {
    self.init(
      width: width, height: height,
      color: .bits8(levels.map { UInt8(min(max($0.rounded(), 0), 255)) }))
  }
}
