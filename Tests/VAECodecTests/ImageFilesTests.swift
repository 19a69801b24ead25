import TestSupport
import Testing
import VAECodec

/// Reading and writing whole files: every kind of PNG and JPEG, and round trips.
struct ImageFilesTests {
  @Test("a file of every kind decodes to the samples it was made of", arguments: try fixtures())
  func kinds(entry: PictureFixtures.Entry) throws {
    let decoded = try Image(decoding: PictureFixtures.bytes(of: entry.name))
    #expect(decoded == entry.picture)
  }

  private static func fixtures() throws -> [PictureFixtures.Entry] {
    try PictureFixtures.entries()
  }

  @Test("there are fixtures of every PNG and JPEG kind")
  func fixtureCount() throws {
    #expect(try PictureFixtures.entries().count == 62)
  }

  @Test(
    "a PNG file gives back the picture it was written from", arguments: [8, 16], [false, true])
  func pngRoundTrip(depth: Int, hasAlpha: Bool) throws {
    for (width, height) in [(1, 1), (1, 7), (5, 1), (31, 33), (300, 2)] {
      var picture = noise(width: width, height: height, depth: depth, hasAlpha: hasAlpha)
      picture.profile = ColorProfile(colorSpace: .rgb, bytes: smallProfile(space: "RGB "))
      #expect(try Image(decoding: picture.pngData()) == picture)
    }
  }

  @Test("PNG files hold no profile of another colour space than RGB")
  func pngProfileOfOtherSpace() throws {
    var picture = noise(width: 3, height: 2, depth: 8, hasAlpha: false)
    picture.profile = ColorProfile(colorSpace: .cmyk, bytes: smallProfile(space: "CMYK"))
    #expect(try Image(decoding: picture.pngData()).profile == nil)
    #expect(try Image(decoding: picture.jpegData()).profile == nil)
  }

  @Test("a JPEG file keeps a profile of several segments byte for byte")
  func jpegProfile() throws {
    var picture = noise(width: 9, height: 9, depth: 8, hasAlpha: false)
    let bytes = smallProfile(space: "RGB ") + (0..<150_000).map { UInt8(truncatingIfNeeded: $0) }
    picture.profile = ColorProfile(colorSpace: .rgb, bytes: bytes)
    #expect(try Image(decoding: picture.jpegData()).profile == picture.profile)
  }

  @Test(
    "profiles are kept by the colour space that their header names",
    arguments: [
      ("RGB ", ColorProfile.ColorSpace.rgb), ("GRAY", .grey), ("CMYK", .cmyk), ("Lab ", nil),
    ])
  func profileSpaces(space: String, expected: ColorProfile.ColorSpace?) throws {
    let bytes = smallProfile(space: space)
    let segment = Array("ICC_PROFILE\0".utf8) + [1, 1] + bytes
    let file = try inserting(segment: segment, marker: 0xE2, in: "ycc_444.jpg")
    let profile = try Image(decoding: file).profile
    #expect(profile?.colorSpace == expected)
    #expect(profile?.bytes == (expected == nil ? nil : bytes))
  }

  @Test("a JPEG profile that is short or lacks a part is dropped")
  func incompleteProfiles() throws {
    let name = Array("ICC_PROFILE\0".utf8)
    let bytes = smallProfile(space: "RGB ")
    let parts: [[UInt8]] = [
      [1, 2] + bytes, [2, 2] + bytes, [0, 0] + bytes, [1], [], [1, 1] + Array(bytes.prefix(127)),
    ]
    for part in parts {
      let segment = name + part
      let file = try inserting(segment: segment, marker: 0xE2, in: "ycc_444.jpg")
      #expect(try Image(decoding: file).profile == nil)
    }
  }

  @Test(
    "a flat JPEG comes back within one level at every quality", arguments: [1, 50, 89, 90, 100])
  func flatJPEG(quality: Int) throws {
    let color = [UInt8](repeating: 128, count: 17 * 19 * 3)
    let picture = Image(width: 17, height: 19, color: .bits8(color))
    let decoded = try Image(decoding: picture.jpegData(quality: quality))
    guard case .bits8(let values) = decoded.color else { throw ImageFileError.empty }
    #expect(decoded.width == 17 && decoded.height == 19)
    #expect(values.allSatisfy { abs(Int($0) - 128) <= 1 })
  }

  @Test("chroma has full size from quality 90 up and half below")
  func chromaSize() throws {
    let picture = noise(width: 16, height: 16, depth: 8, hasAlpha: false)
    #expect(try lumaSampling(of: picture.jpegData(quality: 90)) == 0x11)
    #expect(try lumaSampling(of: picture.jpegData(quality: 89)) == 0x22)
  }

  @Test("a 16-bit picture becomes the JPEG file of its values rounded to 8 bits")
  func jpegOf16Bits() throws {
    // 257 * v is v exactly; 128 more or less is the farthest that still rounds to v.
    let values = (0..<27).map { UInt16($0 * 9) * 257 }
    let shifted = values.enumerated().map { $0.offset % 2 == 0 ? $0.element + 128 : $0.element }
    let wide = Image(width: 3, height: 3, color: .bits16(shifted))
    let narrow = Image(width: 3, height: 3, color: .bits8((0..<27).map { UInt8($0 * 9) }))
    #expect(try wide.jpegData() == narrow.jpegData())
  }

  @Test("a picture with an alpha plane is not written as JPEG")
  func alphaInJPEG() {
    let picture = noise(width: 2, height: 2, depth: 8, hasAlpha: true)
    #expect(throws: ImageFileError.alphaInJPEG) { try picture.jpegData() }
  }

  @Test("a picture wider than JPEG allows is refused with the library's words")
  func tooWideForJPEG() {
    let count = 65_501 * 3
    let picture = Image(
      width: 65_501, height: 1, color: .bits8([UInt8](repeating: 0, count: count)))
    #expect(throws: ImageFileError.self) { try picture.jpegData() }
  }

  @Test("bytes after the end of a picture do no harm", arguments: ["rgb8.png", "ycc_420.jpg"])
  func trailingBytes(name: String) throws {
    let bytes = try PictureFixtures.bytes(of: name)
    let extended = bytes + [0xFF, 0xD8, 0, 1, 2, 3]
    #expect(try Image(decoding: extended) == Image(decoding: bytes))
  }
}

/// Samples from a generator of which the sizes are the seed.
private func noise(width: Int, height: Int, depth: Int, hasAlpha: Bool) -> Image {
  var state = UInt64(width * 131 + height * 17 + depth)
  func plane(_ count: Int) -> Image.Samples {
    let values = (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt16(truncatingIfNeeded: state >> 40)
    }
    return depth == 16 ? .bits16(values) : .bits8(values.map { UInt8(truncatingIfNeeded: $0) })
  }
  return Image(
    width: width, height: height, color: plane(width * height * 3),
    alpha: hasAlpha ? plane(width * height) : nil)
}

/// A profile of one tag with the fields that libpng checks (ICC.1:2022, 7.2 and 7.3). The tag's data
/// do not pack: libpng takes a profile that packs into less than 92 bytes for one cut short.
private func smallProfile(space: String) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: 144)
  bytes += (0..<100).map { UInt8(truncatingIfNeeded: $0 * $0 * 41) }
  bytes[3] = 244
  bytes.replaceSubrange(8..<12, with: [4, 0x30, 0, 0])
  bytes.replaceSubrange(12..<16, with: "mntr".utf8)
  bytes.replaceSubrange(16..<20, with: space.utf8)
  bytes.replaceSubrange(20..<24, with: "XYZ ".utf8)
  bytes.replaceSubrange(36..<40, with: "acsp".utf8)
  bytes.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
  bytes.replaceSubrange(
    128..<144, with: [0, 0, 0, 1] + "wtpt".utf8 + [0, 0, 0, 144, 0, 0, 0, 100])
  return bytes
}

/// The JPEG fixture `name` with a segment behind its first marker.
private func inserting(segment: [UInt8], marker: UInt8, in name: String) throws -> [UInt8] {
  let bytes = try PictureFixtures.bytes(of: name)
  let count = segment.count + 2
  let head = [0xFF, marker, UInt8(count >> 8), UInt8(count & 255)]
  return bytes[..<2] + head + segment + bytes[2...]
}

/// The sampling factors of the first component of a baseline JPEG file.
private func lumaSampling(of bytes: [UInt8]) throws -> UInt8 {
  let start = bytes.indices.dropLast(12).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }
  return bytes[try #require(start) + 11]
}
