import CZlib

/// Unpacks a deflate stream (RFC 1951) that comes in pieces.
///
/// A class, since zlib keeps the address of what it works on.
@safe package final class DeflateStream {
  private let state: UnsafeMutablePointer<z_stream>

  /// A stream at its beginning; nil if zlib has no memory.
  package init?(_ wrapper: Deflate.Wrapper) {
    unsafe state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe state.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      state, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return nil }
  }

  deinit {
    unsafe inflateEnd(state)
    unsafe state.deallocate()
  }

  /// Begins with another stream.
  package func reset() { unsafe inflateReset(state) }

  /// What the next bytes of the stream unpack to.
  ///
  /// - Parameters:
  ///   - input: bytes of the stream.
  ///   - start: how many of them were used before.
  ///   - maximum: as many bytes as are unpacked.
  /// - Returns: the bytes, how many of `input` are used now, and whether the stream ends there; nil if it is
  ///   damaged.
  /// - Precondition: `input` has more than `start` bytes, and both counts are below 4 GB.
  package func inflated(
    _ input: inout [UInt8], from start: Int, atMost maximum: Int
  ) -> (bytes: [UInt8], used: Int, isEnd: Bool)? {
    var status = Z_OK
    var used = start
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maximum) { buffer, count in
      unsafe input.withUnsafeMutableBufferPointer { pointer in
        unsafe state.pointee.next_in = pointer.baseAddress.map { unsafe $0 + start }
        unsafe state.pointee.avail_in = uInt(pointer.count - start)
        unsafe state.pointee.next_out = buffer.baseAddress
        unsafe state.pointee.avail_out = uInt(maximum)
        status = unsafe inflate(state, Z_NO_FLUSH)
        used = unsafe pointer.count - Int(state.pointee.avail_in)
      }
      count = unsafe maximum - Int(state.pointee.avail_out)
    }
    // Z_BUF_ERROR only says that there was nothing to do.
    guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else { return nil }
    return (bytes, used, status == Z_STREAM_END)
  }
}
