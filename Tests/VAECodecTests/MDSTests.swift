import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Shards as mosaicml-streaming writes them, read and written.
@Suite struct MDSTests {
  private static func samples(_ name: String) throws -> [MDSSample] {
    let reader = try MDSReader(folder: ShardFixtures.path(name))
    return try (0..<reader.index.shardCount).flatMap { number in
      let shard = try reader.shard(number)
      return try (0..<shard.sampleCount).map { try shard.sample(at: $0) }
    }
  }

  private static func write(_ samples: [[String: MDSValue]], _ writer: inout MDSWriter) throws
    -> [MDSWriter.File]
  {
    try samples.compactMap { try writer.append($0) } + [writer.finish()].compactMap(\.self)
  }

  @Test(arguments: [
    ("number", MDSValue.integer(-2)), ("u1", .integer(253)), ("u2", .integer(65533)),
    ("u4", .integer(4_294_967_293)), ("u8", .unsigned(UInt64.max - 2)), ("i1", .integer(-126)),
    ("i2", .integer(-32766)), ("i4", .integer(-2_147_483_646)), ("i8", .integer(Int64.min + 2)),
    ("f2", .float(-1.5)), ("f4", .float(-1.75)), ("f8", .float(-1.9)), ("bytes", .bytes([0, 1])),
    ("text", .text("éé")), ("é", .text("key")), ("digits", .text("100000000000000000002")),
    ("json", .text(#"{"caption": "\u00e9", "index": 2}"#)),
    (
      "array",
      .array(
        MDSArray(
          elementName: "float32", shape: [3],
          bytes: [0, 0, 0x40, 0xC0, 0, 0, 0, 0xC0, 0, 0, 0x80, 0xBF]))
    ),
  ])
  func `values of every kind are read`(column: String, value: MDSValue) throws {
    let samples = try Self.samples("mds")
    #expect(samples.count == 3)
    #expect(try samples[2].value(column) == value)
    #expect(try samples[2].value("none") == nil)
  }

  @Test func `arrays are read with type and shape from column or value`() throws {
    let samples = try Self.samples("mds")
    let shapes = try ["array", "array_of_i2", "latents"].map { column in
      try samples.map { sample -> [Int] in
        guard case .array(let array) = try sample.value(column) else { return [] }
        #expect(array.bytes.count == array.shape.reduce(1, *) * (column == "array" ? 4 : 2))
        return array.shape
      }
    }
    #expect(
      shapes == [
        [[1], [2, 300], [3]], [[3, 1], [3, 2], [3, 3]], [[4, 2, 3], [4, 2, 3], [4, 2, 3]],
      ])
    guard case .bytes(let picture) = try samples[1].value("picture") else {
      return #expect(Bool(false), "the picture is no bytes")
    }
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test(arguments: [("mds", 1 << 26), ("mds-limit", 300), ("mds-none", 1 << 26)])
  func `what is read and written again has the same bytes`(name: String, limit: Int) throws {
    let samples = try Self.samples(name)
    let columns = samples.first?.columns ?? [MDSColumn("text", MDSEncoding("str"))]
    var writer = try MDSWriter(columns: columns.reversed(), sizeLimit: limit)
    let files = try Self.write(
      samples.map { sample in
        try Dictionary(
          uniqueKeysWithValues: columns.map { ($0.name, try #require(try sample.value($0.name))) })
      }, &writer)
    for file in files { #expect(file.bytes == (try ShardFixtures.bytes("\(name)/\(file.name)"))) }
    #expect(writer.index.encoded() == (try ShardFixtures.bytes("\(name)/index.json")))
    #expect(files.count == writer.index.shardCount && samples.count == writer.index.sampleCount)
  }

  @Test(arguments: ["mds", "mds-limit", "mds-none", "mds-gz", "mds-pickle"])
  func `the index is found again in the shards`(name: String) throws {
    let index = try MDSIndex(rebuilding: ShardFixtures.path(name))
    #expect(index.encoded() == (try ShardFixtures.bytes("\(name)/index.json")))
    #expect(try MDSIndex(decoding: index.encoded()) == index)
  }

  @Test func `indexes of folders in a folder are one, in the order of their numbers`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "10/shard.00000.mds", "9/shard.00000.mds", "9/shard.100000.mds", "9/shard.99999.mds",
    ] {
      try folder.copy("shards/mds/shard.00000.mds", to: name)
    }
    let index = try MDSIndex(rebuilding: folder.path)
    #expect(
      index.shards.map(\.raw.basename) == [
        "9/shard.00000.mds", "9/shard.99999.mds", "9/shard.100000.mds", "10/shard.00000.mds",
      ])
    try folder.write(index.encoded(), to: "index.json")
    #expect(try MDSReader(folder: folder.path).shard(3).sampleCount == 3)
    #expect(throws: FileError.self) { try MDSIndex(rebuilding: folder.path("none")) }
  }

  @Test func `a shard in gzip is unpacked, others are called by their names`() throws {
    let samples = try Self.samples("mds-gz")
    #expect(
      try samples.map { try $0.value("text") } == [.text(String(repeating: "t", count: 100))] * 3)
    let folder = try TemporaryFolder()
    let index = String(decoding: try ShardFixtures.bytes("mds-gz/index.json"), as: UTF8.self)
    try folder.copy("shards/mds-gz/shard.00000.mds.gz", to: "shard.00000.mds.gz")
    for (packing, words) in [
      ("zstd:7", "a shard packed by `zstd` is not unpacked here: unpack it first")
    ] {
      try folder.write(
        Array(index.replacing(#""gz""#, with: "\"\(packing)\"").utf8), to: "index.json")
      let reader = try MDSReader(folder: folder.path)
      let error = #expect(throws: InputError.self) { try reader.shard(0) }
      #expect(error?.description == "\(folder.path)/shard.00000.mds.gz: \(words)")
    }
    try folder.write(Array(index.replacing("509", with: "510").utf8), to: "index.json")
    #expect(throws: InputError.self) { try MDSReader(folder: folder.path).shard(0) }
  }

  @Test func `a pickle is not read, and says why`() throws {
    let sample = try #require(try Self.samples("mds-pickle").first)
    let error = #expect(throws: ShardError.self) { try sample.value("object") }
    #expect(
      error?.description
        == "column `object` is of the kind `pkl`: a pickle can run any program when it is read")
    #expect(sample.storedBytes("object")?.first == 0x80)
    #expect(throws: ShardError.self) {
      try MDSWriter(columns: [MDSColumn("object", MDSEncoding("pkl"))])
    }
  }

  @Test(arguments: [
    "pil", "list[jpeg]", "ndarray:bfloat16", "ndarray:float16:0", "ndarray:float16:4,x",
    "ndarray:float16:", "ndarray:float16:4:4", "ndarray:uint8:4294967296", "ndarray:int8:-1", "",
    "ndarray:float64:9223372036854775807,2", "int128",
  ])
  func `columns of other kinds are refused`(name: String) {
    #expect(throws: ShardError.self) { try MDSWriter(columns: [MDSColumn("a", MDSEncoding(name))]) }
  }

  @Test(arguments: [
    ("int8", MDSValue.integer(128)), ("int8", .integer(-129)), ("uint8", .integer(-1)),
    ("uint8", .integer(256)), ("int", .unsigned(1 << 63)), ("int", .float(1)), ("str", .bytes([])),
    ("bytes", .text("")), ("float16", .integer(1)), ("uint64", .integer(-1)),
    ("ndarray:int8", .array(MDSArray(elementName: "uint8", shape: [1], bytes: [1]))),
    ("ndarray:int8:2", .array(MDSArray(elementName: "int8", shape: [1], bytes: [1]))),
    ("ndarray", .array(MDSArray(elementName: "int8", shape: [], bytes: [1]))),
    ("ndarray", .array(MDSArray(elementName: "int8", shape: [0], bytes: []))),
    ("ndarray", .array(MDSArray(elementName: "int8", shape: [2], bytes: [1]))),
    ("ndarray", .array(MDSArray(elementName: "bool", shape: [1], bytes: [1]))),
    (
      "ndarray",
      .array(MDSArray(elementName: "int8", shape: [Int](repeating: 1, count: 64), bytes: [1]))
    ),
  ])
  func `values that do not fit their column are refused`(encoding: String, value: MDSValue) throws {
    var writer = try MDSWriter(columns: [MDSColumn("a", MDSEncoding(encoding))])
    #expect(throws: ShardError.wrongValue(column: "a", encoding: encoding)) {
      _ = try writer.append(["a": value])
    }
    #expect(throws: ShardError.self) { _ = try writer.append([:]) }
    #expect(throws: ShardError.self) { _ = try writer.append(["b": value]) }
    #expect(writer.finish() == nil)
  }

  @Test(arguments: [255, 256, 65_535, 65_536])
  func `shapes of arrays take as many bytes as they need`(extent: Int) throws {
    let array = MDSArray(
      elementName: "int8", shape: [1, extent], bytes: [UInt8](repeating: 7, count: extent))
    var writer = try MDSWriter(columns: [MDSColumn("a", MDSEncoding("ndarray"))], sizeLimit: nil)
    _ = try writer.append(["a": .array(array)])
    let finished = writer.finish()
    let shard = try MDSShard(decoding: #require(finished).bytes)
    #expect(try shard.sample(at: 0).value("a") == .array(array))
    let size = extent < 256 ? 1 : extent < 65_536 ? 2 : 4
    #expect(try shard.sample(at: 0).storedBytes("a")?.count == extent + 2 + 2 * size)
  }

  @Test func `a sample beyond the limit has a shard of its own`() throws {
    var writer = try MDSWriter(columns: [MDSColumn("a", MDSEncoding("bytes"))], sizeLimit: 10)
    let files = try Self.write([["a": .bytes([1])], ["a": .bytes([2])]], &writer)
    #expect(files.map(\.sampleCount) == [1, 1])
    #expect(files.map(\.name) == ["shard.00000.mds", "shard.00001.mds"])
  }

  @Test func `two columns of one name are refused`() {
    #expect(throws: ShardError.self) {
      try MDSWriter(columns: ["a", "a"].map { MDSColumn($0, MDSEncoding("str")) })
    }
  }
}

/// As many copies.
private func * (values: [MDSValue], count: Int) -> [MDSValue] {
  (0..<count).flatMap { _ in values }
}
