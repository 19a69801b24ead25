import TestSupport
import Testing
import VAE

@testable import VAECodec

/// What stands beside shards: sidecars and the indexes of DALI and wids.
@Suite struct ShardIndexTests {
  private static func writer(_ keys: [String]) throws -> TarWriter<ByteBuffer> {
    var writer = TarWriter(ByteBuffer())
    for key in keys {
      try writer.append(key: key, fields: [("npy", Array(key.utf8)), ("cls", [0x31])])
    }
    try writer.finish()
    return writer
  }

  @Test func `the index of DALI is that of the writer and that of the archive`() throws {
    let writer = try Self.writer(["a", "b/c"])
    let text = """
      v1.2 2
      cls 512 1 a.cls npy 1536 1 a.npy
      cls 2560 1 b/c.cls npy 3584 3 b/c.npy

      """
    #expect(try DALIIndex.bytes(of: writer.index) == Array(text.utf8))
    #expect(try TarIndex(of: TarReader(decoding: writer.sink.bytes)) == writer.index)
    #expect(DALIIndex.path(of: "x/lat-1.tar") == "x/lat-1.idx")
  }

  @Test func `names with spaces stand in no index of DALI`() throws {
    let writer = try Self.writer(["my folder/a", "b"])
    let text = "v1.1 2\ncls 512 1 npy 1536 11\ncls 2560 1 npy 3584 1\n"
    #expect(try DALIIndex.bytes(of: writer.index) == Array(text.utf8))
    var other = TarWriter(ByteBuffer())
    try other.append(key: "v1", fields: [("5 img.npy", [1])])
    #expect(throws: ShardError.self) { try DALIIndex.bytes(of: other.index) }
  }

  @Test func `the index of wids has names, counts and sizes`() throws {
    let index = WidsIndex([
      .init(url: "lat-000000.tar", sampleCount: 2, byteCount: 10_240),
      .init(url: String(pathBytes: [0xE9]), sampleCount: 0, byteCount: 0),
    ])
    let text = String(decoding: try index.encoded(), as: UTF8.self)
    let expected = """
      {
        "__kind__" : "wids-shard-index-v1",
        "shardlist" : [
          {
            "filesize" : 10240,
            "nsamples" : 2,
            "url" : "lat-000000.tar"
          },
          {
            "filesize" : 0,
            "nsamples" : 0,
            "url" : "\\udce9"
          }
        ],
        "wids_version" : 1
      }

      """
    #expect(text == expected)
  }

  @Test func `a sidecar comes back, whatever bytes the names are of`() throws {
    let names = [
      "lat-000123.tar", String(pathBytes: [0x61, 0xE9, 0x80]), "\u{10080}\\udce9\"\n", "é",
    ]
    for name in names {
      let file = ShardFile(name: name, byteCount: 5, sha256: "00ff")
      let sidecar = ShardSidecar(
        input: file, output: file, samples: 9, failed: 1, fingerprint: "5d1e", seconds: 4.25)
      let bytes = try sidecar.encoded()
      #expect(try ShardSidecar(decoding: bytes) == sidecar)
      #expect(bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
    }
    let file = ShardFile(name: "a", byteCount: 5, sha256: "00ff")
    let least = ShardSidecar(input: nil, output: file, samples: 0, failed: 0, fingerprint: "")
    let expected = #"""
      {"failed":0,"fingerprint":"","output":{"bytes":5,"name":"a","sha256":"00ff"},"samples":0,"version":1}

      """#
    #expect(String(decoding: try least.encoded(), as: UTF8.self) == expected)
  }

  @Test(arguments: [
    ("", false), ("{}", false), ("\u{0}\u{0}", false), ("[1]", false),
    (
      #"{"failed":-1,"fingerprint":"","output":{"bytes":5,"name":"a","sha256":""},"samples":0,"version":1}"#,
      false
    ),
    (
      #"{"failed":0,"fingerprint":"","output":{"bytes":5,"name":"a","sha256":""},"samples":0,"version":2}"#,
      true
    ),
  ])
  func `what is no sidecar is refused`(text: String, isOfVersion: Bool) {
    let error = #expect(throws: ShardError.self) { try ShardSidecar(decoding: Array(text.utf8)) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("another version") == isOfVersion)
  }

  @Test func `a file that changed is found by its size or by its bytes`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([UInt8](repeating: 1, count: 300_000), to: "a.tar")
    let file = try ShardFile(measuring: path, name: "a.tar")
    #expect(file.sha256 == SHA256.hexadecimal(of: [UInt8](repeating: 1, count: 300_000)))
    #expect(try file.matches(path, checkingContents: true))
    try folder.write([UInt8](repeating: 2, count: 300_000), to: "a.tar")
    #expect(try file.matches(path, checkingContents: false))
    #expect(try !file.matches(path, checkingContents: true))
    try folder.write([UInt8](repeating: 1, count: 299_999), to: "a.tar")
    #expect(try !file.matches(path, checkingContents: false))
    #expect(throws: FileError.self) {
      try file.matches(folder.path("none"), checkingContents: false)
    }
    #expect(ShardSidecar.path(of: "o/lat-1.tar") == "o/lat-1.json")
    #expect(ShardSidecar.path(of: "o/lat-1.tar.gz") == "o/lat-1.json")
  }

  @Test(arguments: [
    (#""\udce9""#, #""\udbff\udfe9""#), (#""\\udce9""#, #""\\udce9""#),
    (#""\ud800\udc80""#, #""\ud800\udc80""#), (#""\udc7f\u00e9\"""#, #""\udc7f\u00e9\"""#),
    (#""\ud800\\udc80""#, #""\ud800\\udc80""#), ("é", "é"), (#"\"#, #"\"#), (#"\udc"#, #"\udc"#),
  ])
  func `bytes of paths as Python writes them are read`(json: String, read: String) {
    #expect(json.withReadPathBytes == read)
  }
}
