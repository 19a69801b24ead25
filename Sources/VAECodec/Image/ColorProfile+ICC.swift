/// Reading the header of an ICC profile.
extension ColorProfile {
  /// Bytes of the header, the least that a profile has (ICC.1:2022, 7.2).
  private static let headerByteCount = 128

  /// The profile of which `bytes` are the file form; nil if they are no profile of RGB, grey or
  /// CMYK samples.
  init?(icc bytes: [UInt8]) {
    guard bytes.count >= Self.headerByteCount else { return nil }
    // The data colour space field (ICC.1:2022, 7.2.8).
    switch String(decoding: bytes[16..<20], as: UTF8.self) {
    case "RGB ": self.init(colorSpace: .rgb, bytes: bytes)
    case "GRAY": self.init(colorSpace: .grey, bytes: bytes)
    case "CMYK": self.init(colorSpace: .cmyk, bytes: bytes)
    default: return nil
    }
  }
}
