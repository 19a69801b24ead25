import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Shards and indexes that lie.
@Suite struct MDSDamageTests {
  /// Reads all of a shard; nil if it is read, else what is wrong.
  private static func message(_ bytes: [UInt8]) -> String? {
    do {
      let shard = try MDSShard(decoding: bytes)
      for index in 0..<shard.sampleCount {
        let sample = try shard.sample(at: index)
        for column in sample.columns { _ = try sample.value(column.name) }
      }
      return nil
    } catch {
      #expect(error is ShardError, "\(error)")
      return "\(error)"
    }
  }

  /// A shard of one column with `offsets` as they are given.
  private static func shard(count: UInt32? = nil, offsets: [UInt32], _ data: [UInt8] = [])
    -> [UInt8]
  {
    let text = PythonJSON.object(
      MDSSettings(columns: [MDSColumn("a", MDSEncoding("bytes"))], sizeLimit: nil).members)
    var writer = ByteWriter()
    writer.write(count ?? UInt32(offsets.count - 1))
    let start = UInt32(4 + 4 * offsets.count + text.description.utf8.count)
    for offset in offsets { writer.write(start &+ offset) }
    writer.write(text.description.utf8)
    writer.write(data)
    return writer.bytes
  }

  @Test func `a shard that is right is read, with no sample too`() {
    #expect(Self.message(Self.shard(offsets: [0])) == nil)
    #expect(Self.message(Self.shard(offsets: [0, 5, 9], [1, 0, 0, 0, 7, 0, 0, 0, 0])) == nil)
  }

  @Test(
    arguments: [
      (nil, [0, 9, 5], "the offset of sample 2"), (nil, [0, 5, 10], "in a file of"),
      (nil, [0, 5, 8], "1 bytes follow the last sample"),
      (nil, [0, 3, 9], "sample 0 at byte"), (nil, [0, 4, 9], "1 bytes at"),
      (nil, [0, 6, 9], "1 bytes follow the value"),
      (UInt32.max, [0, 5, 9], "is cut off"), (0x0FFF_FFFF, [0, 5, 9], "is cut off"),
      (1, [0, 5, 9], "the description of the shard"), (44, [0, 5, 9], "samples cannot begin"),
    ] as [(UInt32?, [UInt32], String)])
  func `offsets that cannot be are errors`(count: UInt32?, offsets: [UInt32], words: String) {
    let bytes = Self.shard(count: count, offsets: offsets, [1, 0, 0, 0, 7, 0, 0, 0, 0])
    let message = Self.message(bytes)
    let words = words == "1 bytes at" ? "of 1 bytes are there" : words
    #expect(message?.contains(words) ?? false, "\(message ?? "no error")")
  }

  @Test func `every cut of a shard is an error`() throws {
    let bytes = try ShardFixtures.bytes("mds/shard.00000.mds")
    for count in stride(from: 0, to: bytes.count, by: 13) {
      #expect(Self.message(Array(bytes[..<count])) != nil, "\(count)")
    }
    #expect(Self.message(bytes + [0]) != nil)
  }

  @Test func `changed bytes are an error or another shard, and never a crash`() throws {
    let bytes = try ShardFixtures.bytes("mds/shard.00000.mds")
    var generator = SeededGenerator(seed: 18)
    for _ in 0..<1500 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        // The table, the description, and the heads of samples.
        let index = Int.random(in: 0..<1100, using: &generator)
        changed[index] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = Self.message(changed)
    }
  }

  @Test(arguments: [
    ("", "index.json at byte 0"), ("[]", "index.json at byte 0"),
    (#"{"shards": []}"#, "index.json at byte 0"),
    (#"{"shards": [], "version": 1}"#, "an index of version 1"),
    ("shard.00000.mds", "which cannot be"), ("bytes\": 3904", "which cannot be"),
    ("samples\": 3", "a shard cannot have -1 samples"), ("format\": \"mds\"", "of format `csv`"),
    ("column_sizes\": [null, null", "is said to have 7 bytes"),
    ("\"uint8\", \"uint16\"", "do not go together"),
    ("\"array\", \"array_of_i2\"", "do not go together"),
  ])
  func `an index that cannot be is refused`(text: String, words: String) throws {
    let replacements = [
      "shard.00000.mds": "../shard.00000.mds", "bytes\": 3904": "bytes\": 4294967296",
      "samples\": 3": "samples\": -1", "format\": \"mds\"": "format\": \"csv\"",
      "column_sizes\": [null, null": "column_sizes\": [null, 7",
      "\"uint8\", \"uint16\"": "\"uint8\"",
      "\"array\", \"array_of_i2\"": "\"array\", \"array\"",
    ]
    let index = String(decoding: try ShardFixtures.bytes("mds/index.json"), as: UTF8.self)
    let changed = replacements[text].map { index.replacing(text, with: $0) } ?? text
    #expect(changed != index)
    let error = #expect(throws: ShardError.self) { try MDSIndex(decoding: Array(changed.utf8)) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func `an index of other shards is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("shards/mds/index.json", to: "index.json")
    let reader = try MDSReader(folder: folder.path)
    #expect(throws: FileError.self) { try reader.shard(0) }
    try folder.write([], to: "shard.00000.mds")
    #expect(throws: FileError.self) { try reader.shard(0) }
    try folder.copy("shards/mds-limit/shard.00000.mds", to: "shard.00000.mds")
    let error = #expect(throws: InputError.self) { try reader.shard(0) }
    #expect(
      error?.description
        == "\(folder.path)/shard.00000.mds: the shard has 4 samples in 286 bytes, and index.json says 3 in 3904, "
        + "of other columns")
    #expect(throws: FileError.self) { try MDSReader(folder: folder.path("none")) }
  }
}
