import FoundationEssentials
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Leaves shards in the folder that the environment's VAECODEC_SHARDS names, for Tests/Distributed/check_shards.py
/// to read them with the libraries of other programs.
@Suite struct ShardExportTests {
  private static let folder = ProcessInfo.processInfo.environment["VAECODEC_SHARDS"]

  /// Values that the script makes again: the number of the sample, and eighths.
  private static func values(_ number: Int) -> [Float] {
    (0..<24).map { Float(number) + Float($0) / 8 }
  }

  private static let keys: [String] = {
    var keys = WebDatasetKeys()
    let long = String(repeating: "a long folder/", count: 12) + String(repeating: "ä", count: 120)
    return ["train/one.jpg", "train/one.JPG", "é/two.v2.png", long, "train.v1/three.png"]
      .map { keys.key(for: $0) }
  }()

  private static func fields(_ number: Int) -> [(name: String, bytes: [UInt8])] {
    [
      ("latent.npy", NumpyFile.bytes(of: values(number), shape: [4, 2, 3])),
      ("json", Array(#"{"number": \#(number)}"#.utf8)), ("cls", Array("\(number)".utf8)),
    ]
  }

  @Test(.enabled(if: folder != nil, "VAECODEC_SHARDS names no folder"))
  func `shards for other programs to read`() throws {
    let folder = try #require(Self.folder)
    try OutputFile.makeFolder(folder)
    var shards: [WidsIndex.Shard] = []
    for (number, range) in [0..<3, 3..<5].enumerated() {
      var writer = TarWriter(ByteBuffer())
      for index in range { try writer.append(key: Self.keys[index], fields: Self.fields(index)) }
      try writer.finish()
      let name = "lat-00000\(number).tar"
      let path = "\(folder)/\(name)"
      try OutputFile.write(writer.sink.bytes, to: path, replacing: true)
      try OutputFile.write(
        DALIIndex.bytes(of: writer.index), to: DALIIndex.path(of: path), replacing: true)
      let sidecar = ShardSidecar(
        input: nil,
        output: ShardFile(name: name, byteCount: writer.byteCount, sha256: writer.sha256),
        samples: range.count, failed: 0, fingerprint: "")
      try OutputFile.write(sidecar.encoded(), to: ShardSidecar.path(of: path), replacing: true)
      shards.append(.init(url: name, sampleCount: range.count, byteCount: writer.byteCount))
    }
    try OutputFile.write(WidsIndex(shards).encoded(), to: "\(folder)/shards.json", replacing: true)
    try Self.writeMDS(folder + "/mds")
  }

  private static func writeMDS(_ folder: String) throws {
    try OutputFile.makeFolder(folder)
    var writer = try MDSWriter(
      columns: [
        MDSColumn("latents", MDSEncoding("ndarray:float32:4,2,3")),
        MDSColumn("any_size", MDSEncoding("ndarray")),
        MDSColumn("latents_256", MDSEncoding("bytes")),
        MDSColumn("key", MDSEncoding("str")), MDSColumn("number", MDSEncoding("int")),
      ], sizeLimit: 1200)
    var files: [MDSWriter.File] = []
    for (number, key) in keys.enumerated() {
      var bytes = ByteWriter()
      for value in values(number) { bytes.write(value) }
      let array = MDSArray(elementName: "float32", shape: [4, 2, 3], bytes: bytes.bytes)
      let file = try writer.append([
        "latents": .array(array), "any_size": .array(array), "latents_256": .bytes(bytes.bytes),
        "key": .text(key), "number": .integer(Int64(number)),
      ])
      if let file { files.append(file) }
    }
    for file in files + [writer.finish()].compactMap(\.self) {
      try OutputFile.write(file.bytes, to: "\(folder)/\(file.name)", replacing: true)
    }
    try OutputFile.write(
      writer.index.encoded(), to: "\(folder)/\(MDSReader.indexName)", replacing: true)
  }
}
