import VAECodec

/// Pictures that tests make themselves.
enum TestPictures {
  /// Slopes of colour, without noise.
  static func smooth(width: Int, height: Int) -> Image {
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        samples.append(UInt8(40 + 160 * x / max(width - 1, 1)))
        samples.append(UInt8(200 - 120 * y / max(height - 1, 1)))
        samples.append(UInt8(60 + 100 * (x + y) / max(width + height - 2, 1)))
      }
    }
    return Image(width: width, height: height, color: .bits8(samples))
  }

  /// An 8-bit picture with its last column and row repeated up to a size.
  static func filled(_ picture: Image, width: Int, height: Int) -> Image {
    mapped(picture, width: width, height: height) { x, y in
      (min(x, picture.width - 1), min(y, picture.height - 1))
    }
  }

  /// The upper left part of an 8-bit picture.
  static func cropped(_ picture: Image, width: Int, height: Int) -> Image {
    mapped(picture, width: width, height: height) { ($0, $1) }
  }

  private static func mapped(
    _ picture: Image, width: Int, height: Int, _ source: (_ x: Int, _ y: Int) -> (x: Int, y: Int)
  ) -> Image {
    guard case .bits8(let samples) = picture.color else {
      preconditionFailure("a picture of \(picture.color.bitDepth) bits given, expected 8")
    }
    var result: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let place = source(x, y)
        let start = 3 * (place.y * picture.width + place.x)
        result += samples[start..<start + 3]
      }
    }
    return Image(width: width, height: height, color: .bits8(result))
  }
}
