/// A floating-point format whose values can be counted: each has a rank among all others.
protocol FloatBits {
  /// The rank of the number that is nearest to `value`: larger numbers have larger ranks, -0 comes just
  /// before 0.
  static func rank(_ value: Float) -> UInt32
  /// The number of a rank.
  static func value(rank: UInt32) -> Float
}

/// 32-bit floats by rank.
enum SingleBits: FloatBits {
  static func rank(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 1 << 31
  }

  static func value(rank: UInt32) -> Float {
    Float(bitPattern: rank >> 31 == 1 ? rank & ~(1 << 31) : ~rank)
  }
}

/// 16-bit floats by rank.
enum HalfBits: FloatBits {
  static func rank(_ value: Float) -> UInt32 {
    let bits = Float16(value).bitPattern
    return UInt32(bits >> 15 == 1 ? ~bits : bits | 1 << 15)
  }

  static func value(rank: UInt32) -> Float {
    let bits = UInt16(truncatingIfNeeded: rank)
    return Float(Float16(bitPattern: bits >> 15 == 1 ? bits & ~(1 << 15) : ~bits))
  }
}
