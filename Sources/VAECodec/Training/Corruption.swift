/// How pictures are spoilt that a model learns to restore.
public enum Corruption: Sendable, Equatable {
  /// Normal noise on each sample, of a standard deviation in levels of 8 bits, above 0; the sum is rounded to a
  /// level in 0...255.
  case noise(deviation: Double)
  /// A share of the squares of a grid, in 0..<1, is missing: grey of level 128. A square has a side of 1 to 1024
  /// pixels; the grid begins anywhere.
  case mask(share: Double, side: Int = 1)

  /// The level of missing pixels.
  public static let missingLevel: UInt8 = 128

  /// What the text names, such as "noise:50", "mask:0.3" or "mask:0.3:8"; nil for any other.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1, let number = Double(parts[1]), number.isFinite else { return nil }
    let side = parts.count == 3 ? Int(parts[2]) ?? 0 : 1
    switch (parts[0], parts.count) {
    case ("noise", 2) where number > 0 && number <= 255: self = .noise(deviation: number)
    case ("mask", 2...3) where (0..<1).contains(number) && (1...1024).contains(side):
      self = .mask(share: number, side: side)
    default: return nil
    }
  }

  /// A picture, spoilt: of 8 bits, without alpha.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - seed: of what is random.
  /// - Precondition: the picture has no alpha.
  public func spoilt(_ image: Image, seed: UInt64) -> Image {
    precondition(image.alpha == nil, "a transparent picture cannot be spoilt")
    var generator = TorchGenerator(seed: seed)
    return Image(
      width: image.width, height: image.height,
      color: .bits8(spoilt(image.color.eightBitValues, width: image.width, &generator)))
  }

  /// 8-bit samples of a picture, `[height, width, 3]`, spoilt.
  func spoilt(
    _ samples: [UInt8], width: Int, _ generator: inout TorchGenerator
  ) -> [UInt8] {
    switch self {
    case .noise(let deviation):
      let noise = generator.normals(samples.count)
      return zip(samples, noise).map { sample, noise in
        UInt8(min(max((Double(sample) + deviation * Double(noise)).rounded(), 0), 255))
      }
    case .mask(let share, let side):
      let height = samples.count / (3 * width)
      let (left, top) = (Int(generator.next()) % side, Int(generator.next()) % side)
      let squaresAcross = (width + left - 1) / side + 1
      let squares = squaresAcross * ((height + top - 1) / side + 1)
      let isMissing = (0..<squares).map { _ in Double(generator.next()) < share * 0x1p32 }
      var spoilt = samples
      for y in 0..<height {
        for x in 0..<width where isMissing[(y + top) / side * squaresAcross + (x + left) / side] {
          for channel in 0..<3 { spoilt[3 * (y * width + x) + channel] = Self.missingLevel }
        }
      }
      return spoilt
    }
  }
}

extension Corruption: CustomStringConvertible, Codable {
  /// The text that `init(_:)` reads.
  public var description: String {
    switch self {
    case .noise(let deviation): "noise:\(deviation.plain)"
    case .mask(let share, 1): "mask:\(share.plain)"
    case .mask(let share, let side): "mask:\(share.plain):\(side)"
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
