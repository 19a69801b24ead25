import Testing

@testable import VAE

struct PathBytesTests {
  @Test(arguments: [
    Array("plain/é/\u{1F600}".utf8), [0x63, 0xE9, 0x2F, 0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80],
    [0xF4, 0x8F, 0xBF, 0xA9], [0xC0, 0xAF], Array(0x01...0xFF), [],
  ])
  func `a path comes back as it was`(bytes: [UInt8]) {
    let path = String(pathBytes: bytes)
    #expect(path.pathBytes == bytes)
    #expect(path.systemPath == (bytes + [0]).map { CChar(bitPattern: $0) })
  }

  @Test func `what is UTF-8 stays the same text`() {
    #expect(String(pathBytes: "dir/é \u{10FF7F}.png".utf8) == "dir/é \u{10FF7F}.png")
  }

  @Test func `each byte of what is none has a character`() {
    let path = String(pathBytes: [0x61, 0xE9, 0x62])
    #expect(path.unicodeScalars.map(\.value) == [0x61, 0x10FFE9, 0x62])
    // One that could be taken for such a character is spelled in bytes too.
    #expect(String(pathBytes: "\u{10FFE9}".utf8).unicodeScalars.count == 4)
  }

  @Test func `components are cut between bytes`() {
    let path = "a/\u{301}b/c"
    #expect(FileSystem.parent(of: path).pathBytes == Array("a/\u{301}b".utf8))
    #expect(FileSystem.lastComponent(of: "a/\u{301}b").pathBytes == Array("\u{301}b".utf8))
    #expect(FileSystem.namesFolder("a/") && !FileSystem.namesFolder("a/\u{301}"))
  }
}
