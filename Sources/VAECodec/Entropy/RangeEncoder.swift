/// Writes binary decisions as bytes: a range coder with a carry.
///
/// - SeeAlso: G. N. N. Martin, "Range encoding", 1979; the carry is handled as in LZMA.
struct RangeEncoder: BinaryCoder {
  private var bytes: [UInt8] = []
  /// The lower end of the interval; bit 32 is a carry into the bytes before.
  private var low: UInt64 = 0
  private var range: UInt32 = .max
  /// The last byte that a carry may still change, and how many bytes of 0xFF follow it.
  private var pending: UInt8 = 0
  private var pendingCount = 0
  /// The first byte would always be 0 and is not written.
  private var isFirst = true

  mutating func code(_ bit: Bool, probability: UInt32) -> Bool {
    let bound = (range >> 16) &* probability
    if bit {
      range = bound
    } else {
      low &+= UInt64(bound)
      range &-= bound
    }
    while range < 1 << 24 {
      range <<= 8
      shift()
    }
    return bit
  }

  /// The bytes of all decisions. A decoder reads every one of them and none more.
  consuming func finished() -> [UInt8] {
    for _ in 0..<5 { shift() }
    return bytes
  }

  /// Moves the highest byte of `low` out, as soon as no carry can reach it.
  private mutating func shift() {
    guard low < 0xFF00_0000 || low > 0xFFFF_FFFF else {
      pendingCount += 1
      low = low << 8 & 0xFFFF_FFFF
      return
    }
    let carry = UInt8(truncatingIfNeeded: low >> 32)
    if isFirst { isFirst = false } else { bytes.append(pending &+ carry) }
    for _ in 0..<pendingCount { bytes.append(0xFF &+ carry) }
    pendingCount = 0
    pending = UInt8(truncatingIfNeeded: low >> 24)
    low = low << 8 & 0xFFFF_FFFF
  }
}
