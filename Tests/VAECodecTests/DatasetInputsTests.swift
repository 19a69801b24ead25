import Glibc
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Which files a data set has, and what it calls them.
@Suite struct DatasetInputsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in [
      "p/b.png", "p/a.JPG", "p/sub/deep/c.jpeg", "p/notes.txt", "p/._a.JPG", "p/.git/x.png",
      "p/__MACOSX/y.png", "q/b.png",
    ] { try folder.write([0], to: name) }
  }

  private func keys(_ names: [String], followsLinks: Bool = false) throws -> [String] {
    try DatasetInputs(at: names.map(folder.path), .pictures, followsLinks: followsLinks).files
      .map(\.key)
  }

  @Test func `a folder is gone through without what is hidden`() throws {
    let inputs = try DatasetInputs(at: [folder.path("p")], .pictures)
    #expect(inputs.files.map(\.key) == ["a.JPG", "b.png", "sub/deep/c.jpeg"])
    #expect(inputs.files.map(\.path) == inputs.files.map { folder.path("p/" + $0.key) })
    #expect(inputs.omission == DatasetInputs.Omission(fileCount: 1, linkCount: 0))
    #expect(inputs.root == folder.path("p"))
  }

  @Test func `files of several folders are called by the paths that were given`() throws {
    let own = String(folder.path.drop { $0 == "/" })
    #expect(
      try keys(["p", "q", "q/b.png"])
        == [
          "p/a.JPG", "p/b.png", "p/sub/deep/c.jpeg", "q/b.png",
        ].map { own + "/" + $0 })
  }

  @Test func `a folder that is a link is entered once, if at all`() throws {
    for (target, link) in [("..", "p/sub/up"), ("../q", "p/other")] {
      #expect(unsafe symlink(target, folder.path(link).systemPath) == 0)
    }
    #expect(unsafe symlink("b.png", folder.path("p/same.png").systemPath) == 0)
    let plain = ["a.JPG", "b.png", "same.png", "sub/deep/c.jpeg"]
    #expect(try keys(["p"]) == plain)
    #expect(
      try keys(["p"], followsLinks: true) == [
        "a.JPG", "b.png", "other/b.png", "same.png",
        "sub/deep/c.jpeg",
      ])
  }

  @Test func `a folder without pictures is an error, and one that is not there`() throws {
    try folder.write([0], to: "none/x.txt")
    #expect(throws: DatasetError.empty(folder.path("none"), kind: "picture")) { try keys(["none"]) }
    #expect(throws: DatasetError.self) {
      try DatasetInputs(at: [folder.path("p")], .latents)
    }
  }

  private func files(_ bytes: [UInt8], _ form: InputList.Form = .lines, name: String = "list")
    throws -> [DatasetInputs.File]
  {
    try DatasetInputs(InputList(folder.write(bytes, to: name), form), .pictures).files
  }

  @Test func `a list has a path a line, and none twice`() throws {
    let found = try files(Array("/x/a.png\n./b c.png\r\n\n/x/a.png\nlast/../../d.png".utf8))
    #expect(found.map(\.path) == ["/x/a.png", "./b c.png", "last/../../d.png"])
    #expect(found.map(\.key) == ["x/a.png", "b c.png", "d.png"])
  }

  @Test func `zero bytes keep line ends and bytes that are no text`() throws {
    let odd = [UInt8(ascii: "a"), 0x0A, 0xFF]
    let found = try files(odd + [0] + Array("b".utf8) + [0], .zeros)
    #expect(found.map(\.path.pathBytes) == [odd, Array("b".utf8)])
    #expect(found.map(\.key.pathBytes) == [odd, Array("b".utf8)])
  }

  @Test func `objects name the key, too`() throws {
    let found = try files(
      Array("{\"path\": \"/x/1.png\", \"key\": \"cats/1\"}\n{\"path\":\"y.png\",\"n\":1}\n".utf8))
    #expect(found.map(\.key) == ["cats/1", "y.png"])
  }

  @Test(arguments: [
    "{\"path\": 1}", "{\"key\": \"a\"}", "{\"path\": \"\"}", "{",
    "{\"path\":\"a\",\"key\":\"../a\"}",
    "{\"path\":\"a\",\"key\":\"/a\"}", "{\"path\":\"a\",\"key\":\"\"}",
  ])
  func `a line that is no such object is named`(line: String) throws {
    let error = #expect(throws: DatasetError.self) {
      try files(Array("{\"path\": \"a\"}\n\(line)\n".utf8))
    }
    #expect("\(try #require(error))".contains("line 2 "))
  }

  @Test func `parts share all inputs out, and keep them when others come`() throws {
    let keys = (0..<500).map { "train/\($0).jpg" }
    let parts = (0..<7).map { index in
      keys.filter { DatasetPart(index: index, count: 7).contains($0) }
    }
    #expect(parts.joined().sorted() == keys.sorted())
    #expect(parts.allSatisfy { 40...110 ~= $0.count })
    #expect(DatasetPart.whole.contains("x"))
  }
}
