import TestSupport
import Testing
import VAECodec

/// Damaged files throw or decode; none crashes. The suite is worth most under a sanitizer.
struct ImageDamageTests {
  private static let names = [
    "rgb8_interlaced.png", "palette4_trns.png", "grey_alpha16.png", "orientation_6.png",
    "ycc_420.jpg", "ycc_444_progressive.jpg", "cmyk_adobe.jpg", "orientation_6.jpg",
    "ycc_restart.jpg",
  ]

  @Test("a file cut at any byte before its picture's end is refused", arguments: names)
  func truncation(name: String) throws {
    let bytes = try PictureFixtures.bytes(of: name)
    let whole = try Image(decoding: bytes)
    for count in 0..<bytes.count {
      let cut = Array(bytes.prefix(count))
      // Of a JPEG with one scan the marker at the end may be missing, and bits that only fill up.
      if let decoded = try? Image(decoding: cut) {
        #expect(name.hasSuffix("jpg") && count >= bytes.count - 3, "cut at \(count)")
        #expect(decoded == whole, "cut at \(count)")
      }
    }
  }

  @Test("a file with any one byte changed throws or decodes", arguments: names)
  func flips(name: String) throws {
    let bytes = try PictureFixtures.bytes(of: name)
    for mask in [0x01, 0x80, 0xFF] as [UInt8] {
      for place in bytes.indices {
        var changed = bytes
        changed[place] ^= mask
        let decoded = try? Image(decoding: changed, maximumPixelCount: 1 << 20)
        if let decoded { #expect(decoded.color.count == decoded.width * decoded.height * 3) }
      }
    }
  }
}
