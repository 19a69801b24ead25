import VAECodec

/// An 8-bit picture as whole numbers, and the changes of `Tests/Reference/make_ssimulacra2.py`.
struct SampleGrid: Sendable {
  let width: Int
  let height: Int
  /// `[height, width, 3]`.
  private var samples: [Int]

  private init(width: Int, height: Int, _ sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int) {
    self.width = width
    self.height = height
    samples = []
    samples.reserveCapacity(width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 { samples.append(min(max(sample(x, y, channel), 0), 255)) }
      }
    }
  }

  /// The samples of an 8-bit picture.
  init(_ image: Image) {
    guard case .bits8(let samples) = image.color else {
      preconditionFailure("a picture of \(image.color.bitDepth) bits given, expected 8")
    }
    (width, height) = (image.width, image.height)
    self.samples = samples.map(Int.init)
  }

  var image: Image {
    Image(width: width, height: height, color: .bits8(samples.map { UInt8($0) }))
  }

  /// The picture with samples of 16 bits.
  var deepImage: Image {
    Image(width: width, height: height, color: .bits16(samples.map { UInt16($0 * 257) }))
  }

  private func sample(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    samples[(y * width + x) * 3 + channel]
  }

  func cropped(_ left: Int, _ top: Int, _ width: Int, _ height: Int) -> SampleGrid {
    SampleGrid(width: width, height: height) { sample(left + $0, top + $1, $2) }
  }

  /// The picture on white where each pixel has an opacity of 0...255.
  func onWhite(_ opacity: (_ pixel: Int) -> Int) -> SampleGrid {
    SampleGrid(width: width, height: height) { x, y, channel in
      let alpha = opacity(y * width + x)
      return (alpha * sample(x, y, channel) + (255 - alpha) * 255 + 127) / 255
    }
  }

  /// The picture after the change that the script calls `name`; nil where there is none.
  func changed(_ name: String, _ strength: Int) -> SampleGrid? {
    switch name {
    case "noisy": noisy(strength)
    case "shifted": mapped { sample(($0 - strength + width) % width, $1, $2) }
    case "coarse": mapped { (sample($0, $1, $2) + strength / 2) / strength * strength }
    case "darker": mapped { sample($0, $1, $2) * (8 - strength) / 8 }
    case "inverted": mapped { 255 - sample($0, $1, $2) }
    case "turned": mapped { sample($0, $1, ($2 + 3 - strength) % 3) }
    case "flipped": flipped(strength)
    case "blurred": blurred(strength)
    case "blocky": blocky(strength)
    default: nil
    }
  }

  private func mapped(_ sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int) -> SampleGrid {
    SampleGrid(width: width, height: height, sample)
  }

  private func noisy(_ strength: Int) -> SampleGrid {
    mapped { x, y, channel in
      let index = (y * width + x) * 3 + channel
      let noise = ((index &* 2_654_435_761 & 0xFFFF_FFFF) &* 2_246_822_519 & 0xFFFF_FFFF) >> 17
      return sample(x, y, channel) + noise % (2 * strength + 1) - strength
    }
  }

  private func flipped(_ index: Int) -> SampleGrid {
    var changed = self
    changed.samples[index] ^= 1
    return changed
  }

  private func blurred(_ radius: Int) -> SampleGrid {
    func mean(_ sample: (_ offset: Int) -> Int) -> Int {
      (-radius...radius).reduce(0) { $0 + sample($1) } / (2 * radius + 1)
    }
    let columns = mapped { x, y, channel in
      mean { sample(x, min(max(y + $0, 0), height - 1), channel) }
    }
    return mapped { x, y, channel in
      mean { columns.sample(min(max(x + $0, 0), width - 1), y, channel) }
    }
  }

  private func blocky(_ step: Int) -> SampleGrid {
    var changed = self
    for top in stride(from: 0, to: height - 7, by: 8) {
      for left in stride(from: 0, to: width - 7, by: 8) {
        for channel in 0..<3 { changed.coarsenBlock(left, top, channel, step) }
      }
    }
    return changed
  }

  private mutating func coarsenBlock(_ left: Int, _ top: Int, _ channel: Int, _ step: Int) {
    let block = (0..<64).map { sample(left + $0 % 8, top + $0 / 8, channel) }
    let rounded = Self.hadamard(block).map { value in
      Int((Double(value + 4 * step) / Double(8 * step)).rounded(.down)) * 8 * step
    }
    for (index, value) in Self.hadamard(rounded).enumerated() {
      samples[((top + index / 8) * width + left + index % 8) * 3 + channel] =
        min(max(value >> 6, 0), 255)
    }
  }

  /// The Walsh-Hadamard transform of 8x8 numbers; twice is 64 times the numbers.
  private static func hadamard(_ block: [Int]) -> [Int] {
    var block = block
    for distance in [1, 2, 4, 8, 16, 32] {
      for index in 0..<64 where index & distance == 0 {
        let (one, other) = (block[index], block[index + distance])
        (block[index], block[index + distance]) = (one + other, one - other)
      }
    }
    return block
  }
}
