import TestSupport
import Testing
import VAECodec

/// Every way in which a file can be refused, and the words for it.
struct ImageFileErrorTests {
  @Test(
    "a file of another kind is named",
    arguments: [
      (Array("GIF89a....".utf8), "a GIF picture"),
      ([0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0], "a TIFF picture"),
      ([0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8], "a TIFF picture"),
      (Array("RIFF1234WEBPVP8 ".utf8), "a WebP picture"),
      ([0, 0, 0, 0x18] + Array("ftypavif".utf8), "an AVIF picture"),
      ([0, 0, 0, 0x18] + Array("ftypheic".utf8), "a HEIF picture"),
      ([0xFF, 0x0A, 0, 0], "a JPEG XL picture"),
      ([0, 0, 0, 12] + Array("JXL ".utf8), "a JPEG XL picture"),
      (Array("BM......".utf8), "a BMP picture"),
      ([0x89] + Array("PNG\r\n\u{1A}\n\0\0\0\u{4}CgBI".utf8), "an iOS PNG (CgBI)"),
      (Array("qoif....".utf8), "a QOI picture"),
    ] as [([UInt8], String)])
  func otherKinds(bytes: [UInt8], name: String) {
    let error = #expect(throws: ImageFileError.self) { try Image(decoding: bytes) }
    #expect(error?.description == "the file is \(name), expected a PNG or JPEG picture")
    guard case .unsupportedFormat(_, let converter)? = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    #expect(converter != nil)
  }

  @Test("an empty file is said to be empty")
  func empty() {
    #expect(throws: ImageFileError.empty) { try Image(decoding: []) }
    #expect(
      ImageFileError.empty.description == "the file is empty, expected a PNG or JPEG picture")
  }

  @Test("a file of no known kind is shown by its first bytes")
  func unknownKind() {
    let error = ImageFileError.unrecognizedFormat(firstBytes: [1, 2, 3, 4, 5, 6, 7, 255])
    #expect(throws: error) { try Image(decoding: [1, 2, 3, 4, 5, 6, 7, 255, 9]) }
    #expect(
      error.description
        == "the file begins with bytes 01 02 03 04 05 06 07 ff, expected a PNG or JPEG picture")
  }

  @Test("more pixels than the limit are refused", arguments: ["rgb8.png", "ycc_420.jpg"])
  func tooManyPixels(name: String) throws {
    let bytes = try PictureFixtures.bytes(of: name)
    let error = ImageFileError.tooManyPixels(width: 13, height: 11, limit: 142)
    #expect(throws: error) { try Image(decoding: bytes, maximumPixelCount: 142) }
    #expect(try Image(decoding: bytes, maximumPixelCount: 143).width == 13)
    #expect(error.description == "the picture has 13x11 pixels, expected 142 pixels at most")
  }

  @Test("the largest sizes that fit a header are refused under any limit")
  func largestSizes() throws {
    let bytes = try resized("rgba16.png", width: 0x7FFF_FFFF, height: 0x7FFF_FFFF)
    #expect(throws: ImageFileError.self) {
      try Image(decoding: bytes, maximumPixelCount: Int.max)
    }
  }

  @Test("a size that the bytes cannot fill is refused before memory is taken")
  func implausibleSize() throws {
    let png = try resized("rgb8.png", width: 16_000, height: 16_000)
    let pngError = ImageFileError.implausibleSize(
      .png, width: 16_000, height: 16_000, byteCount: png.count, leastByteCount: 744_186)
    #expect(throws: pngError) { try Image(decoding: png) }
    var jpeg = try PictureFixtures.bytes(of: "grey.jpg")
    let size = try frameHeader(of: jpeg) + 5
    jpeg.replaceSubrange(size..<size + 4, with: [0x3E, 0x80, 0x3E, 0x80])
    let jpegError = ImageFileError.implausibleSize(
      .jpeg, width: 16_000, height: 16_000, byteCount: jpeg.count, leastByteCount: 500_000)
    #expect(throws: jpegError) { try Image(decoding: jpeg) }
    #expect(
      jpegError.description
        == "the JPEG file has \(jpeg.count) bytes, expected 500000 at least for 16000x16000 pixels")
  }

  @Test("a file cut in the middle says where it ends", arguments: ["rgb8.png", "ycc_420.jpg"])
  func truncated(name: String) throws {
    let bytes = try PictureFixtures.bytes(of: name)
    let count = bytes.count * 3 / 4
    let format: ImageFileError.Format = name.hasSuffix("png") ? .png : .jpeg
    let error = ImageFileError.truncated(format, byteCount: count)
    #expect(throws: error) { try Image(decoding: Array(bytes.prefix(count))) }
    #expect(
      error.description
        == "the \(format.rawValue) file ends at byte \(count), before its picture does")
  }

  @Test("a wrong checksum says where it stands and what libpng says")
  func corrupt() throws {
    var bytes = try PictureFixtures.bytes(of: "rgb8.png")
    bytes[29] ^= 1
    let error = ImageFileError.corrupt(.png, offset: 33, message: "IHDR: CRC error")
    #expect(throws: error) { try Image(decoding: bytes) }
    #expect(error.description == "the PNG file is corrupt before byte 33: IHDR: CRC error")
  }

  @Test("a 12-bit JPEG is of a kind that is not read")
  func twelveBits() throws {
    var bytes = try PictureFixtures.bytes(of: "ycc_420.jpg")
    bytes[try frameHeader(of: bytes) + 4] = 12
    let error = ImageFileError.unsupportedVariant(
      .jpeg, message: "Unsupported JPEG data precision 12")
    #expect(throws: error) { try Image(decoding: bytes) }
    #expect(
      error.description
        == "the JPEG file is of a kind that is not read: Unsupported JPEG data precision 12")
  }

  @Test("a JPEG of a hundred scans decodes and one of more is refused")
  func scans() throws {
    let grey = [UInt8](repeating: 128, count: 8 * 8 * 3)
    #expect(
      try Image(decoding: jpegOfScans(count: 100))
        == Image(width: 8, height: 8, color: .bits8(grey)))
    let error = ImageFileError.tooManyScans(limit: 100)
    #expect(throws: error) { try Image(decoding: jpegOfScans(count: 101)) }
    #expect(error.description == "the JPEG file has more scans than 100, the most that are read")
  }

  @Test("the failure of a writer and a picture with alpha have their words")
  func writing() {
    #expect(
      ImageFileError.failed(.jpeg, message: "m").description == "the JPEG library failed: m")
    #expect(
      ImageFileError.alphaInJPEG.description
        == "the picture has an alpha plane, which JPEG cannot hold")
  }
}

/// The place of the SOF marker of a JPEG file.
private func frameHeader(of bytes: [UInt8]) throws -> Int {
  let start = bytes.indices.dropLast(12).first {
    bytes[$0] == 0xFF && (0xC0...0xC2).contains(bytes[$0 + 1])
  }
  return try #require(start)
}

/// The PNG fixture `name` with another size in its header, and the checksum that fits.
private func resized(_ name: String, width: UInt32, height: UInt32) throws -> [UInt8] {
  var bytes = try PictureFixtures.bytes(of: name)
  bytes.replaceSubrange(16..<20, with: bigEndian(width))
  bytes.replaceSubrange(20..<24, with: bigEndian(height))
  // CRC-32 of the chunk's type and data (PNG, annex D).
  let sum = bytes[12..<29].reduce(~UInt32(0)) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
    }
  }
  bytes.replaceSubrange(29..<33, with: bigEndian(~sum))
  return bytes
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// An 8x8 JPEG of mid-grey whose three components have scans of their own, the last repeated until
/// there are `count` of them. Its Huffman tables have one code each, so that a block takes two bits.
private func jpegOfScans(count: Int) -> [UInt8] {
  let oneCode: [UInt8] = [1] + [UInt8](repeating: 0, count: 15) + [0]
  var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
  bytes += [0xFF, 0xC0, 0, 17, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]
  bytes += [0xFF, 0xC4, 0, 20, 0x00] + oneCode + [0xFF, 0xC4, 0, 20, 0x10] + oneCode
  for scan in 1...count {
    bytes += [0xFF, 0xDA, 0, 8, 1, UInt8(min(scan, 3)), 0, 0, 63, 0, 0x3F]
  }
  return bytes + [0xFF, 0xD9]
}
