/// One direction of a binary arithmetic coder.
///
/// Encoder and decoder share this face, so that everything above them is written once: what is coded
/// and what is decoded cannot drift apart.
protocol BinaryCoder {
  /// Codes one decision.
  ///
  /// - Parameters:
  ///   - bit: the decision to encode; a decoder ignores it.
  ///   - probability: how likely `bit` is true, in 1/65536; 1...65535.
  /// - Returns: the decision, as it was given or as it was read.
  mutating func code(_ bit: Bool, probability: UInt32) -> Bool
}

extension BinaryCoder {
  /// Codes the `count` low bits of `number`, the highest first, each as likely 0 as 1.
  mutating func codeBits(_ number: UInt32, count: Int) -> UInt32 {
    var result: UInt32 = 0
    for shift in (0..<count).reversed() {
      let bit = code(number >> UInt32(shift) & 1 == 1, probability: 1 << 15)
      result = result << 1 | (bit ? 1 : 0)
    }
    return result
  }

  /// Codes a number below `bound`, all of them equally likely.
  ///
  /// - Precondition: `bound` is not 0.
  mutating func codeUniform(_ number: UInt32, below bound: UInt32) -> UInt32 {
    var (low, count) = (UInt32(0), bound)
    while count > 1 {
      let half = UInt32(1) << UInt32(31 - (count - 1).leadingZeroBitCount)
      if half == count - half {
        let bitCount = 31 - count.leadingZeroBitCount
        return low + codeBits(number &- low, count: bitCount)
      }
      let share = UInt32(UInt64(half) << 16 / UInt64(count))
      guard !code(number &- low < half, probability: min(share, 65535)) else {
        return low + codeBits(number &- low, count: 31 - half.leadingZeroBitCount)
      }
      low += half
      count -= half
    }
    return low
  }
}
