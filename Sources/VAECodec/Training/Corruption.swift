/// How pictures are spoilt that a model learns to restore.
public enum Corruption: Sendable, Equatable {
  /// Normal noise on each sample, of a standard deviation in levels of 8 bits, above 0; the sum is rounded to a
  /// level in 0...255.
  case noise(deviation: Double)
  /// A share of the pixels, in 0..<1, is missing: grey of level 128.
  case mask(share: Double)

  /// The level of missing pixels.
  public static let missingLevel: UInt8 = 128

  /// What the text names, such as "noise:50" or "mask:0.3"; nil for any other.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Double(parts[1]), number.isFinite else { return nil }
    switch parts[0] {
    case "noise" where number > 0 && number <= 255: self = .noise(deviation: number)
    case "mask" where (0..<1).contains(number): self = .mask(share: number)
    default: return nil
    }
  }

  /// A picture, spoilt: of 8 bits, without alpha.
  ///
  /// - Parameter seed: of what is random.
  /// - Precondition: the picture has no alpha.
  public func spoilt(_ image: Image, seed: UInt64) -> Image {
    precondition(image.alpha == nil, "a transparent picture cannot be spoilt")
    var generator = TorchGenerator(seed: seed)
    return Image(
      width: image.width, height: image.height,
      color: .bits8(spoilt(image.color.eightBitValues, &generator)))
  }

  /// 8-bit samples of a picture, three a pixel, spoilt.
  func spoilt(_ samples: [UInt8], _ generator: inout TorchGenerator) -> [UInt8] {
    switch self {
    case .noise(let deviation):
      let noise = generator.normals(samples.count)
      return zip(samples, noise).map { sample, noise in
        UInt8(min(max((Double(sample) + deviation * Double(noise)).rounded(), 0), 255))
      }
    case .mask(let share):
      var spoilt = samples
      for start in stride(from: 0, to: samples.count, by: 3)
      where Double(generator.next()) < share * 0x1p32 {
        for channel in 0..<3 { spoilt[start + channel] = Self.missingLevel }
      }
      return spoilt
    }
  }
}

extension Corruption: CustomStringConvertible, Codable {
  /// The text that `init(_:)` reads.
  public var description: String {
    switch self {
    case .noise(let deviation): "noise:\(deviation)"
    case .mask(let share): "mask:\(share)"
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let corruption = Corruption(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: text)
    }
    self = corruption
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
