/// Reads the binary decisions that a `RangeEncoder` wrote.
///
/// Any bytes decode to something: a damaged stream gives wrong decisions, never a read outside it.
struct RangeDecoder: BinaryCoder {
  private let bytes: [UInt8]
  private var code: UInt32 = 0
  private var range: UInt32 = .max
  /// Bytes read so far; past the end of the stream, where it reads as 0, if the stream is too short.
  private(set) var position = 0

  /// A decoder at the first of `bytes`.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for _ in 0..<4 { readByte() }
  }

  mutating func code(_ bit: Bool, probability: UInt32) -> Bool {
    let bound = (range >> 16) &* probability
    let decision = code < bound
    if decision {
      range = bound
    } else {
      code &-= bound
      range &-= bound
    }
    while range < 1 << 24 {
      range <<= 8
      readByte()
    }
    return decision
  }

  private mutating func readByte() {
    code = code << 8 | (position < bytes.count ? UInt32(bytes[position]) : 0)
    position += 1
  }
}
