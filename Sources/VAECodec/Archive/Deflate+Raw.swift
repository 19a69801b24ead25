import CZlib

extension Deflate {
  /// The first `byteCount` bytes of a raw deflate stream (RFC 1951, as ZIP archives hold it), or nil if
  /// it is damaged or ends before.
  ///
  /// Nothing is allocated for a claim that the stream's length rules out, or that is beyond the 4 GB
  /// that zlib counts.
  ///
  /// - Parameter isWhole: whether the stream must end there, and all of `stream` be used.
  static func inflated(
    _ stream: ArraySlice<UInt8>, byteCount: Int, isWhole: Bool = true
  ) -> [UInt8]? {
    guard byteCount >= 0, byteCount / maximumRatio <= stream.count,
      byteCount < Int(uInt.max), stream.count <= Int(uInt.max)
    else { return nil }
    var source = unsafe z_stream()
    // Negative: a stream without zlib's header and checksum.
    let opened = unsafe inflateInit2_(
      &source, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard opened == Z_OK else { return nil }
    defer { unsafe inflateEnd(&source) }
    var input = Array(stream)
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
