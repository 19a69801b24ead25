import CZlib

extension Deflate {
  /// What stands around a deflate stream (RFC 1951).
  package enum Wrapper: Sendable {
    /// Nothing, as in ZIP archives.
    case none
    /// The header and the checksum of gzip (RFC 1952).
    case gzip

    /// What zlib calls it: the largest window, and a sign or a summand for the wrapper.
    var windowBits: Int32 { self == .none ? -MAX_WBITS : MAX_WBITS + 16 }
  }

  /// The first `byteCount` bytes of a deflate stream, or nil if it is damaged or ends before.
  ///
  /// Nothing is allocated for a claim that the stream's length rules out, or that is beyond the 4 GB
  /// that zlib counts.
  ///
  /// - Parameters:
  ///   - isWhole: whether the stream must end there, and all of `stream` be used.
  ///   - wrapper: what stands around the stream.
  package static func inflated(
    _ stream: [UInt8], byteCount: Int, isWhole: Bool = true, _ wrapper: Wrapper = .none
  ) -> [UInt8]? {
    guard byteCount >= 0, byteCount / maximumRatio <= stream.count,
      byteCount < Int(uInt.max), stream.count <= Int(uInt.max)
    else { return nil }
    var source = unsafe z_stream()
    let opened = unsafe inflateInit2_(
      &source, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard opened == Z_OK else { return nil }
    defer { unsafe inflateEnd(&source) }
    var input = stream
    var status = Z_OK
    // One byte more than asked for: a longer stream shows.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount + 1) { buffer, count in
      unsafe input.withUnsafeMutableBufferPointer { pointer in
        unsafe source.next_in = pointer.baseAddress
        unsafe source.avail_in = uInt(pointer.count)
        unsafe source.next_out = buffer.baseAddress
        unsafe source.avail_out = uInt(isWhole ? byteCount + 1 : byteCount)
        status = unsafe inflate(&source, Z_SYNC_FLUSH)
      }
      count = unsafe Int(source.total_out)
    }
    let isComplete =
      unsafe !isWhole || (status == Z_STREAM_END && source.avail_in == 0)
    let isSound = [Z_OK, Z_STREAM_END].contains(status)
    return isSound && isComplete && bytes.count == byteCount ? bytes : nil
  }
}
