import CImageIO

/// What the C calls of both formats share: their failures, and the bytes that they hand out.
extension ImageFile {
  /// Throws what `status` and `failure` of a call say about a file of `byteCount` bytes.
  ///
  /// - Throws: `ImageFileError`, unless `status` is `VCI_OK`.
  static func check(
    _ status: vci_status, _ failure: vci_failure, _ format: ImageFileError.Format, byteCount: Int
  ) throws {
    switch status {
    case VCI_OK:
      return
    case VCI_TRUNCATED:
      throw ImageFileError.truncated(format, byteCount: byteCount)
    case VCI_CORRUPT:
      throw ImageFileError.corrupt(
        format, offset: failure.offset, message: message(of: failure))
    case VCI_UNSUPPORTED:
      throw ImageFileError.unsupportedVariant(format, message: message(of: failure))
    case VCI_TOO_MANY_SCANS:
      throw ImageFileError.tooManyScans(limit: scanLimit)
    default:
      throw ImageFileError.failed(format, message: message(of: failure))
    }
  }

  private static func message(of failure: vci_failure) -> String {
    unsafe withUnsafeBytes(of: failure.message) { text in
      unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The bytes that `write` hands to `appendToBytes`, whose context it is given.
  ///
  /// - Throws: `ImageFileError.failed`.
  static func collect(
    _ format: ImageFileError.Format,
    write: (_ context: UnsafeMutableRawPointer, _ failure: inout vci_failure) -> vci_status
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var failure = vci_failure()
    let status = unsafe withUnsafeMutablePointer(to: &bytes) { target in
      unsafe write(UnsafeMutableRawPointer(target), &failure)
    }
    try check(status, failure, format, byteCount: 0)
    return bytes
  }
}

/// Appends a run of bytes to the `[UInt8]` that `context` points at, as `vci_sink` asks.
func appendToBytes(
  context: UnsafeMutableRawPointer?, bytes: UnsafePointer<UInt8>?, byteCount: Int
) {
  let target = unsafe context?.assumingMemoryBound(to: [UInt8].self)
  unsafe target?.pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: byteCount))
}
