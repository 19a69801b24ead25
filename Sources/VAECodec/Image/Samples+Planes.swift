/// Rearranging samples and changing their depth.
extension Image.Samples {
  /// The colour `[pixels, 3]` and the alpha `[pixels]` of RGBA samples `[pixels, 4]`.
  func separatingAlpha() -> (color: Image.Samples, alpha: Image.Samples?) {
    switch self {
    case .bits8(let values):
      (.bits8(Self.color(of: values)), .bits8(Self.alpha(of: values)))
    case .bits16(let values):
      (.bits16(Self.color(of: values)), .bits16(Self.alpha(of: values)))
    }
  }

  /// RGBA samples `[pixels, 4]` of these, `[pixels, 3]`, and `alpha`, `[pixels]`.
  ///
  /// - Precondition: both have one depth.
  func interleaved(withAlpha alpha: Image.Samples) -> Image.Samples {
    switch (self, alpha) {
    case (.bits8(let color), .bits8(let alpha)): .bits8(Self.interleaved(color, alpha))
    case (.bits16(let color), .bits16(let alpha)): .bits16(Self.interleaved(color, alpha))
    default:
      preconditionFailure("\(alpha.bitDepth)-bit alpha given for \(bitDepth)-bit colour")
    }
  }

  /// The samples as 8-bit values, each to the nearest.
  var eightBitValues: [UInt8] {
    switch self {
    case .bits8(let values): values
    // 65535 is 257 * 255, so that no value lies half-way.
    case .bits16(let values): values.map { UInt8((UInt32($0) + 128) / 257) }
    }
  }

  /// The samples as 16-bit values; full scale becomes full scale.
  var sixteenBitValues: [UInt16] {
    switch self {
    case .bits8(let values): values.map { UInt16($0) * 257 }
    case .bits16(let values): values
    }
  }

  /// The samples at a depth of 8 or 16 bits.
  ///
  /// - Precondition: `bitDepth` is 8 or 16.
  func converted(toBitDepth bitDepth: Int) -> Image.Samples {
    switch bitDepth {
    case 8: .bits8(eightBitValues)
    case 16: .bits16(sixteenBitValues)
    default: preconditionFailure("a depth of \(bitDepth) bits is not 8 or 16")
    }
  }

  private static func color<Sample>(of samples: [Sample]) -> [Sample] {
    [Sample](capacity: samples.count / 4 * 3) { output in
      for pixel in 0..<samples.count / 4 {
        for channel in 0..<3 { output.append(samples[4 * pixel + channel]) }
      }
    }
  }

  private static func alpha<Sample>(of samples: [Sample]) -> [Sample] {
    [Sample](capacity: samples.count / 4) { output in
      for pixel in 0..<samples.count / 4 { output.append(samples[4 * pixel + 3]) }
    }
  }

  private static func interleaved<Sample>(_ color: [Sample], _ alpha: [Sample]) -> [Sample] {
    [Sample](capacity: alpha.count * 4) { output in
      for pixel in 0..<alpha.count {
        for channel in 0..<3 { output.append(color[3 * pixel + channel]) }
        output.append(alpha[pixel])
      }
    }
  }
}
