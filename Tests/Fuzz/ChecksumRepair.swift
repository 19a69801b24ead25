import CZlib

/// Makes the checksums of a latent.bin right, as far as it has sections.
enum ChecksumRepair {
  private static let headerByteCount = 12

  /// `bytes` with the checksum that each section should have.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var start = headerByteCount
    while start + 16 <= result.count {
      let length = (0..<8).reduce(UInt64(0)) {
        $0 | UInt64(result[start + 4 + $1]) << UInt64(8 * $1)
      }
      guard let byteCount = Int(exactly: length), byteCount <= result.count - start - 16 else {
        return result
      }
      let end = start + 12 + byteCount
      let section = Array(result[start..<end])
      let checksum = unsafe UInt32(truncatingIfNeeded: crc32_z(0, section, section.count))
      for index in 0..<4 {
        result[end + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index))
      }
      start = end + 4
    }
    return result
  }
}
