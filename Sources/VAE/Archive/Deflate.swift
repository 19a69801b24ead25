import CZlib

/// Lossless compression of byte runs as zlib streams (RFC 1950).
package enum Deflate {
  /// The largest ratio of a deflate stream: a claim beyond it is false without looking.
  ///
  /// - SeeAlso: zlib's technical notes, "Maximum Compression Factor", 1032:1.
  package static let maximumRatio = 1032

  /// `bytes` as a zlib stream.
  package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var byteCount = compressBound(uLong(bytes.count))
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(byteCount)) { buffer, count in
      let status = unsafe compress2(
        buffer.baseAddress, &byteCount, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
      precondition(status == Z_OK, "zlib reports \(status) for a buffer of the size it asked for")
      count = Int(byteCount)
    }
  }

  /// The bytes of a zlib stream, or nil if it is damaged, does not hold exactly `byteCount`
  /// bytes or is followed by others.
  ///
  /// Nothing is allocated for a claim that the stream's length rules out.
  package static func decompressed(_ stream: [UInt8], byteCount: Int) -> [UInt8]? {
    guard byteCount >= 0, byteCount / maximumRatio <= stream.count else { return nil }
    var written = uLongf(byteCount)
    var read = uLong(stream.count)
    var status = Z_OK
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(byteCount, 1)) { buffer, count in
      status = unsafe uncompress2(buffer.baseAddress, &written, stream, &read)
      count = min(Int(written), byteCount)
    }
    return status == Z_OK && bytes.count == byteCount && Int(read) == stream.count ? bytes : nil
  }

  /// The CRC-32 of runs of bytes one after the other (ISO 3309, as in PNG and gzip).
  package static func checksum(_ runs: [UInt8]...) -> UInt32 {
    var value = crc32(0, nil, 0)
    for run in runs {
      value = unsafe crc32_z(value, run, run.count)
    }
    return UInt32(truncatingIfNeeded: value)
  }
}
