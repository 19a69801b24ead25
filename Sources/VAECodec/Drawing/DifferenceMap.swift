/// Where a picture differs from its reference, and by how much.
///
/// Pictures are compared as `Comparison` compares them: on white where they are transparent, those of 8
/// and 16 bits on one scale.
public struct DifferenceMap: Sendable, Equatable {
  /// The difference that has the last colour of the scale, as all larger ones have. The scale is the same
  /// for all pictures, so that maps may be held against each other.
  public static let largestShownLevel = 64

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// The largest difference of the three colours of each pixel in levels of 8 bits, to the nearest,
  /// `[height, width]`.
  public let levels: [UInt8]

  /// The differences of `picture` from `reference`.
  ///
  /// - Throws: `ComparisonError.sizesDiffer`.
  public init(_ reference: Image, _ picture: Image) throws {
    let rows = try PairedRows(reference, picture)
    (width, height) = (rows.width, rows.height)
    var first = [Double](repeating: 0, count: rows.width)
    var second = first
    var largest = first
    levels = [UInt8](capacity: rows.width * rows.height) { levels in
      for row in 0..<rows.height {
        for x in largest.indices { largest[x] = 0 }
        for channel in 0..<3 {
          rows.read(row: row, channel: channel, first: &first, second: &second)
          for x in largest.indices { largest[x] = max(largest[x], abs(first[x] - second[x])) }
        }
        for value in largest { levels.append(UInt8((value * 255 / rows.peak).rounded())) }
      }
    }
  }

  private init(width: Int, height: Int, levels: [UInt8]) {
    (self.width, self.height, self.levels) = (width, height, levels)
  }

  /// The map as a picture in colours that grow lighter from no difference to `largestShownLevel`.
  public var image: Image { canvas.image() }

  /// The colours of the scale, for 0 to `largestShownLevel` levels.
  static let colors = ColorRamp.colors(largestShownLevel + 1)

  /// The map in colours.
  var canvas: Canvas {
    let samples = [UInt8](capacity: 3 * levels.count) { samples in
      for level in levels {
        let color = Self.colors[min(Int(level), Self.largestShownLevel)]
        samples.append(color.red)
        samples.append(color.green)
        samples.append(color.blue)
      }
    }
    return Canvas(width: width, height: height, samples: samples)
  }

  /// The map with at most `side` pixels on its longest side, each of which has the largest level of those
  /// that it stands for, so that a single wrong pixel is not lost.
  func reduced(toLongestSide side: Int) -> DifferenceMap {
    guard max(width, height) > side else { return self }
    let (newWidth, newHeight) = Canvas.size(width, height, longestSide: side)
    var reduced = [UInt8](repeating: 0, count: newWidth * newHeight)
    for y in 0..<height {
      let start = y * newHeight / height * newWidth
      for x in 0..<width {
        let place = start + x * newWidth / width
        reduced[place] = max(reduced[place], levels[y * width + x])
      }
    }
    return DifferenceMap(width: newWidth, height: newHeight, levels: reduced)
  }
}
