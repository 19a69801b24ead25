import CZlib

/// Makes the checksums of a latent.bin right, as far as it has sections, and those of the headers of a tar archive.
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

  /// `bytes` with the sum that each block should have that is a header by its signature.
  static func repairedArchive(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    let signature = Array("ustar".utf8)
    for start in stride(from: 0, through: bytes.count - 512, by: 512)
    where Array(bytes[start + 257..<start + 262]) == signature {
      result.replaceSubrange(start + 148..<start + 156, with: [UInt8](repeating: 32, count: 8))
      let sum = result[start..<start + 512].reduce(0) { $0 + Int($1) }
      let digits = Array(String(sum, radix: 8).utf8)
      result.replaceSubrange(start + 148..<start + 148 + digits.count, with: digits)
    }
    return result
  }
}
