import TestSupport
import Testing

@testable import VAECodec

/// What is known of a picture before its samples are read.
@Suite struct ImageHeaderTests {
  @Test(arguments: try PictureFixtures.entries())
  func `a header is what the whole picture says`(entry: PictureFixtures.Entry) throws {
    let bytes = try PictureFixtures.bytes(of: entry.name)
    let header = try Image.Header(decoding: bytes)
    let image = try Image(decoding: bytes)
    #expect([header.width, header.height] == [image.width, image.height])
    #expect(header.bitDepth == image.color.bitDepth)
    #expect(header.hasAlpha == (image.alpha != nil))
    #expect(header.orientation == image.appliedOrientation)
  }

  @Test func `what is no picture has none`() throws {
    #expect(throws: ImageFileError.self) { try Image.Header(decoding: Array("text".utf8)) }
    #expect(throws: ImageFileError.self) { try Image.Header(decoding: [0xFF, 0xD8, 0xFF]) }
    #expect(throws: FileError.self) { try Image.Header(contentsOf: "/nowhere.png") }
  }
}
