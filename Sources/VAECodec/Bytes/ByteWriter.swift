/// Appends little-endian numbers to a run of bytes.
struct ByteWriter {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []

  /// Appends bytes as they are.
  mutating func write(_ run: some Sequence<UInt8>) { bytes.append(contentsOf: run) }

  /// Appends an integer, lowest byte first.
  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Appends the IEEE 754 bits of a number.
  mutating func write(_ number: Float) { write(number.bitPattern) }
}
