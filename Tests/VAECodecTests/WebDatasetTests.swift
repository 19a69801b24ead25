import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Members of archives as samples.
@Suite struct WebDatasetTests {
  private static func archive(_ names: [String]) -> [UInt8] {
    var builder = TarBuilder()
    for name in names { builder.add(name, Array(name.utf8)) }
    return builder.ended
  }

  private static func samples(_ names: [String]) throws -> [WebDatasetSample] {
    let source = WebDatasetSamples(try TarReader(decoding: archive(names)))
    var samples: [WebDatasetSample] = []
    while let sample = try source.next() { samples.append(sample) }
    return samples
  }

  @Test(arguments: [
    ("a.jpg", "a", "jpg"), ("a/b.c/d.seg.png", "a/b.c/d", "seg.png"),
    ("v1.5 img.npy", "v1", "5 img.npy"),
    ("a.", "a", ""), ("__meta__.json", "__meta__", "json"), ("a/__b__/c.txt", "a/__b__/c", "txt"),
  ])
  func `key and field are parted at the first dot of the last component`(
    name: String, key: String, field: String
  ) throws {
    let parts = try #require(WebDatasetName(name))
    #expect(parts.key == key && parts.field == field)
  }

  @Test(arguments: [
    "a", "a.b/c", ".a", ".a.jpg", "a/.b.jpg", "a.b/.c", "__meta__/a.json", "____/a.b", "",
  ])
  func `other names belong to no sample`(name: String) {
    #expect(WebDatasetName(name) == nil)
  }

  @Test func `members that follow each other are a sample`() throws {
    let names = ["a.jpg", "a.json", "readme", "a.txt", "b/a.jpg", "._c.jpg", "c.png"]
    let source = WebDatasetSamples(try TarReader(decoding: Self.archive(names)))
    var samples: [WebDatasetSample] = []
    while let sample = try source.next() { samples.append(sample) }
    #expect(samples.map(\.key) == ["a", "b/a", "c"])
    #expect(samples[0].fields.map(\.name) == ["jpg", "json", "txt"])
    #expect(samples[0].fields.map(\.bytes) == ["a.jpg", "a.json", "a.txt"].map { Array($0.utf8) })
    #expect(source.otherCount == 2 && source.otherNames == ["readme", "._c.jpg"])
  }

  @Test func `a key that comes again and a field that comes twice are errors`() throws {
    #expect(throws: ShardError.scatteredKey("a", offset: 2048)) {
      try Self.samples(["a.jpg", "b.jpg", "a.txt"])
    }
    #expect(throws: ShardError.repeatedField("JPG", key: "a", offset: 2048)) {
      try Self.samples(["a.jpg", "a.txt", "a.JPG"])
    }
    #expect(throws: ShardError.repeatedField("txt", key: "a", offset: 1024)) {
      try Self.samples(["a.txt", "./a.txt".replacing("./", with: "")])
    }
    // An e and an accent of its own make another key.
    #expect(try Self.samples(["é.jpg", "e\u{301}.jpg", "E.jpg"]).count == 3)
  }

  @Test func `errors name the archive`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.archive(["a.jpg", "b.jpg", "a.txt"]), to: "x.tar")
    let source = WebDatasetSamples(try TarReader(contentsOf: path))
    _ = try source.next()
    _ = try source.next()
    let error = #expect(throws: InputError.self) { try source.next() }
    #expect(
      error?.description
        == "\(path): the key `a` comes again at byte 2048, after other samples: files of one sample must "
        + "follow each other")
  }

  @Test(arguments: [
    (["JPG", "txt"], "JPG"), (["seg.png", "jpeg"], "jpeg"), (["txt", "left.PNG"], "left.PNG"),
    (["webp"], "webp"),
  ])
  func `the picture of a sample`(fields: [String], picture: String) throws {
    let sample = try #require(try Self.samples(fields.map { "a." + $0 }).first)
    #expect(try sample.picture().name == picture)
  }

  @Test func `no picture, and several, are errors`() throws {
    let none = try #require(try Self.samples(["a.txt", "a.jpg.json"]).first)
    #expect(throws: ShardError.noPicture(key: "a")) { try none.picture() }
    let several = try #require(try Self.samples(["a.left.png", "a.right.png"]).first)
    #expect(throws: ShardError.severalPictures(["left.png", "right.png"], key: "a")) {
      try several.picture()
    }
    let plain = try #require(try Self.samples(["a.png", "a.jpg"]).first)
    #expect(throws: ShardError.severalPictures(["png", "jpg"], key: "a")) { try plain.picture() }
  }

  @Test func `a sample of too many bytes is refused`() throws {
    let reader = try TarReader(decoding: Self.archive(["a.1", "a.2", "a.3"]))
    let source = WebDatasetSamples(reader, maximumByteCount: 1100)
    #expect(throws: ShardError.self) { try source.next() }
    let enough = WebDatasetSamples(
      try TarReader(decoding: Self.archive(["a.1", "a.2"])), maximumByteCount: 1100)
    #expect(try enough.next()?.fields.count == 2)
  }

  @Test func `the index of an archive is where the files lie`() throws {
    let bytes = Self.archive(["a.jpg", "a.txt", "b.jpg"])
    let index = try TarIndex(of: TarReader(decoding: bytes))
    #expect(index.samples.map(\.key) == ["a", "b"])
    for sample in index.samples {
      for field in sample.fields {
        let range = field.dataOffset..<field.dataOffset + field.byteCount
        #expect(Array(bytes[range]) == Array("\(sample.key).\(field.name)".utf8))
      }
    }
    let packed = try TarReader(decoding: ShardFixtures.bytes("pax.tar.gz"))
    #expect(throws: ShardError.self) { try TarIndex(of: packed) }
  }
}
