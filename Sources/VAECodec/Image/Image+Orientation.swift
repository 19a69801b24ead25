/// Turning a picture the way its EXIF orientation asks.
extension Image {
  /// The picture as `orientation` says that it is to be shown, and marked with it.
  ///
  /// - Precondition: `orientation` is in 1...8.
  /// - SeeAlso: Exif 2.32, 4.6.4, tag 0x0112.
  func oriented(by orientation: Int) -> Image {
    precondition((1...8).contains(orientation), "an orientation of \(orientation) is not in 1...8")
    if orientation == 1 { return self }
    let walk = Walk(orientation: orientation, width: width, height: height)
    return Image(
      width: walk.width, height: walk.height, color: walk.turned(color, channels: 3),
      alpha: alpha.map { walk.turned($0, channels: 1) }, profile: profile,
      appliedOrientation: orientation)
  }

  /// Where the pixels of a turned picture come from: pixel (x, y) is pixel
  /// `origin + x * stepX + y * stepY` of the picture as stored.
  private struct Walk {
    let width: Int
    let height: Int
    private let origin: Int
    private let stepX: Int
    private let stepY: Int

    init(orientation: Int, width: Int, height: Int) {
      let isTransposed = orientation >= 5
      self.width = isTransposed ? height : width
      self.height = isTransposed ? width : height
      // The stored row and column at the first pixel shown: EXIF names the corner.
      let isFromBottom = [3, 4, 6, 7].contains(orientation)
      let isFromRight = [2, 3, 7, 8].contains(orientation)
      origin = (isFromBottom ? (height - 1) * width : 0) + (isFromRight ? width - 1 : 0)
      let column = isFromRight ? -1 : 1
      let row = isFromBottom ? -width : width
      stepX = isTransposed ? row : column
      stepY = isTransposed ? column : row
    }

    func turned(_ samples: Samples, channels: Int) -> Samples {
      switch samples {
      case .bits8(let values): .bits8(turned(values, channels: channels))
      case .bits16(let values): .bits16(turned(values, channels: channels))
      }
    }

    private func turned<Sample: FixedWidthInteger>(
      _ samples: [Sample], channels: Int
    ) -> [Sample] {
      [Sample](capacity: samples.count) { output in
        for y in 0..<height {
          var source = (origin + y * stepY) * channels
          for _ in 0..<width {
            for channel in 0..<channels { output.append(samples[source + channel]) }
            source += stepX * channels
          }
        }
      }
    }
  }
}
