/// The 64-bit FNV-1a hash, by which things are told apart that nobody forges.
///
/// - SeeAlso: Fowler, Noll and Vo, the 64-bit FNV-1a hash.
package struct FNV1a: Sendable {
  /// The hash of what was added.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  package init() {}

  /// Adds bytes.
  package mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(byte) }
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// Adds the eight bytes of a number, the lowest first.
  package mutating func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      add(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Adds the bits of each value as a number.
  package mutating func add(_ values: [Float]) {
    for value in values { add(UInt64(value.bitPattern)) }
  }
}
