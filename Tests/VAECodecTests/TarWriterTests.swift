import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Tar archives that are written.
@Suite struct TarWriterTests {
  private typealias Fields = [(name: String, bytes: [UInt8])]

  private static func archive(_ samples: [(key: String, fields: Fields)]) throws -> [UInt8] {
    var writer = TarWriter(ByteBuffer())
    for sample in samples { try writer.append(key: sample.key, fields: sample.fields) }
    try writer.finish()
    #expect(writer.byteCount == writer.sink.bytes.count)
    #expect(writer.sha256 == SHA256.hexadecimal(of: writer.sink.bytes))
    return writer.sink.bytes
  }

  private static func samples(_ bytes: [UInt8]) throws -> [WebDatasetSample] {
    let source = WebDatasetSamples(try TarReader(decoding: bytes))
    var samples: [WebDatasetSample] = []
    while let sample = try source.next() { samples.append(sample) }
    #expect(source.warning == nil && source.otherCount == 0)
    return samples
  }

  @Test func `what is written comes back, with the fields in order`() throws {
    let bytes = try Self.archive([
      ("a/1", [("npy", Array("n".utf8)), ("json", Array("{}".utf8)), ("a.b", [])]),
      ("a.b/2", [("npy", [UInt8](repeating: 1, count: 512))]),
    ])
    let samples = try Self.samples(bytes)
    #expect(samples.map(\.key) == ["a/1", "a.b/2"])
    #expect(samples[0].fields.map(\.name) == ["a.b", "json", "npy"])
    #expect(samples[0].fields.map(\.bytes.count) == [0, 2, 1])
    #expect(samples[1].fields[0].bytes == [UInt8](repeating: 1, count: 512))
    #expect(bytes.count == 10_240)
  }

  @Test func `the bytes are those that Python writes`() throws {
    let expected = try ShardFixtures.bytes("written.tar")
    let texts = ["cls": "0", "txt": "caption"]
    let names = ["train/0001", "é/0002", String(repeating: "folder/", count: 20) + "0003"]
    let samples = names.map { key in
      (key, texts.map { (name: $0.key, bytes: Array($0.value.utf8)) })
    }
    let long = (String(repeating: "n", count: 150), [(name: "txt", bytes: Array("long".utf8))])
    #expect(try Self.archive(samples + [long]) == expected)
  }

  @Test func `an archive of nothing is one record of zeros`() throws {
    #expect(try Self.archive([]) == [UInt8](repeating: 0, count: 10_240))
  }

  @Test(arguments: [(8_704, 10_240), (8_705, 20_480), (18_944, 20_480), (18_945, 30_720)])
  func `the end fills its record or begins another`(count: Int, whole: Int) throws {
    let bytes = try Self.archive([("a", [("b", [UInt8](repeating: 7, count: count))])])
    #expect(bytes.count == whole)
    #expect(bytes.suffix(1024).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [98, 99, 154, 155, 156, 254, 255, 256, 400])
  func `names of every length come back`(length: Int) throws {
    for cut in [0, 1, length / 2, length - 2] {
      var key = [UInt8](repeating: UInt8(ascii: "k"), count: length - 2)
      if cut > 0, cut < key.count - 1 { key[cut] = UInt8(ascii: "/") }
      // Bytes that are no UTF-8 too.
      key[key.count - 1] = length % 2 == 0 ? 0xE9 : key[key.count - 1]
      let name = String(pathBytes: key)
      let samples = try Self.samples(Self.archive([(name, [("b", [1])]), ("next", [("b", [2])])]))
      #expect(samples.map(\.key) == [name, "next"], "\(cut)")
      #expect(samples.map(\.fields[0].bytes) == [[1], [2]])
    }
  }

  @Test func `a size beyond eleven digits stands in a record`() throws {
    let head = TarEntry(Array("a.b".utf8), byteCount: 1 << 33).head
    let reader = try TarReader(decoding: head)
    #expect(try reader.next()?.byteCount == 1 << 33)
    #expect(TarEntry(Array("a.b".utf8), byteCount: 1 << 33 - 1).head.count == 512)
  }

  @Test func `twins are refused before anything is written`() throws {
    var writer = TarWriter(ByteBuffer())
    try writer.append(key: "é", fields: [("b", [1])])
    let byteCount = writer.byteCount
    #expect(throws: ShardError.duplicateKey("é")) {
      try writer.append(key: "é", fields: [("c", [1])])
    }
    #expect(throws: ShardError.repeatedField("npy", key: "b", offset: byteCount)) {
      try writer.append(key: "b", fields: [("NPY", [1]), ("npy", [2])])
    }
    // An e and an accent of its own make another name.
    try writer.append(key: "e\u{301}", fields: [("b", [1])])
    try writer.finish()
    #expect(try Self.samples(writer.sink.bytes).map(\.key.utf8.count) == [2, 3])
  }

  @Test(arguments: ["", "a.b", "folder/", "folder/.a", ".a", "__meta__/a", "./a", "a\0b"])
  func `keys that would be read as others are refused`(key: String) throws {
    var writer = TarWriter(ByteBuffer())
    #expect(throws: ShardError.self) { try writer.append(key: key, fields: [("npy", [1])]) }
    #expect(writer.byteCount == 0)
  }

  @Test(arguments: ["", "a/b", "n\0"])
  func `fields that would be read as others are refused`(field: String) {
    var writer = TarWriter(ByteBuffer())
    #expect(throws: ShardError.self) { try writer.append(key: "a", fields: [(field, [1])]) }
    #expect(throws: ShardError.self) { try writer.append(key: "a", fields: []) }
  }

  @Test func `keys of paths have no dots and are given once`() {
    var keys = WebDatasetKeys()
    let paths = [
      "a.b/c.v2.jpg", "a.b/c.v2_jpg", "./a.b//c_v2_jpg", "/x/../y.png", ".hidden.jpg", "..", "",
      "___meta__/a.jpg", "a.b/c_v2_jpg-2",
    ]
    #expect(
      paths.map { keys.key(for: $0) } == [
        "a.b/c_v2_jpg", "a.b/c_v2_jpg-2", "a.b/c_v2_jpg-3", "x/y_png", "_hidden_jpg", "_", "_-2",
        "_meta__/a_jpg", "a.b/c_v2_jpg-2-2",
      ])
    keys.take("taken")
    #expect(keys.key(for: "taken") == "taken-2")
    #expect(keys.key(for: String(pathBytes: [0xE9, 0x2E])) == String(pathBytes: [0xE9, 0x5F]))
  }

  @Test func `ten thousand pictures of one name get their keys at once`() {
    var keys = WebDatasetKeys()
    let given = Set((0..<10_000).map { _ in keys.key(for: "a.jpg") })
    #expect(given.count == 10_000 && given.contains("a_jpg-10000"))
  }

  @Test func `every key that is made can be written`() throws {
    var (keys, writer) = (WebDatasetKeys(), TarWriter(ByteBuffer()))
    for path in [
      "__a__/__b__/.c", "...", "a\n", "-x", "a b", "/", "é.jpg", "__/x", "____/x", "a/.b",
    ] {
      try writer.append(key: keys.key(for: path), fields: [("npy", [1])])
    }
    try writer.finish()
    #expect(try Self.samples(writer.sink.bytes).count == 10)
  }
}
