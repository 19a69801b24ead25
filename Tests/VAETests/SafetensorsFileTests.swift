import TestSupport
import Testing

@testable import VAE

/// The strict reading of safetensors files, rule by rule.
@Suite struct SafetensorsFileTests {
  // MARK: What is read

  @Test func `tensors are found by name with type, shape and place`() throws {
    let bytes = SafetensorsBuilder.file([
      .init("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), .init("b", "F16", [1], bytes: [0, 0x3C]),
    ])
    try withMappedFile(bytes) { mapped in
      let file = try SafetensorsFile(mapped)
      let start = bytes.count - 26
      #expect(
        file.entries == [
          "a.weight": .init(type: .f32, shape: [2, 3], byteRange: start..<start + 24),
          "b": .init(type: .f16, shape: [1], byteRange: start + 24..<start + 26),
        ])
      #expect(file.metadata.isEmpty)
    }
  }

  @Test(arguments: [
    "{}", "{ }", "{}    ", "{}\n", #"{"__metadata__":{}}"#, #"{"__metadata__":null}"#,
    #"{"__metadata__":{"format":"pt"}}"#,
  ])
  func `a file of no tensors is read`(header: String) throws {
    #expect(try entries(SafetensorsBuilder.file(header: header)).isEmpty)
  }

  @Test(arguments: [
    (#""shape":[],"data_offsets":[0,4]"#, 4), (#""shape":[0],"data_offsets":[0,0]"#, 0),
    (#""shape":[3,0,5],"data_offsets":[0,0]"#, 0),
    (#""shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]"#, 4),
    (#""shape":[2],"data_offsets":[0,8],"extra":{"a":[true]}"#, 8),
    (" \"shape\" :\n[\t2 ] , \"data_offsets\" : [ 0 , 8 ] ", 8),
  ])
  func `odd but legal tensors are read`(fields: String, byteCount: Int) throws {
    let header = #"{"t":{"dtype":"F32",\#(fields)}}"#
    let file = SafetensorsBuilder.file(
      header: header, data: [UInt8](repeating: 0, count: byteCount))
    #expect(try entries(file)["t"]?.byteRange.count == byteCount)
  }

  @Test(arguments: [
    ("BOOL", 8), ("U8", 8), ("I8", 8), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8), ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16),
    ("I32", 32), ("U32", 32), ("F32", 32), ("C64", 64), ("F64", 64), ("I64", 64), ("U64", 64),
    ("F6_E2M3", 6), ("F6_E3M2", 6), ("F4", 4),
  ])
  func `every type of the format has its size`(dtype: String, bits: Int) throws {
    let file = SafetensorsBuilder.file([
      .init("t", dtype, [4], bytes: [UInt8](repeating: 0, count: bits / 2))
    ])
    #expect(try entries(file)["t"]?.dtype == dtype)
    let short = SafetensorsBuilder.file([
      .init("t", dtype, [4], bytes: [UInt8](repeating: 0, count: bits / 2 - 1))
    ])
    #expect(throws: WeightsError.self) { try entries(short) }
  }

  @Test func `tensors may stand in any order, and empty ones anywhere`() throws {
    let header = """
      {"z":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},\
      "e":{"dtype":"F32","shape":[0],"data_offsets":[3,3]},\
      "__metadata__":{"a":"b"},\
      "a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},\
      "f":{"dtype":"F32","shape":[2,0],"data_offsets":[5,5]}}
      """
    #expect(try entries(SafetensorsBuilder.file(header: header, data: [1, 2, 3, 4, 5])).count == 4)
  }

  @Test func `metadata are kept`() throws {
    let header = #"{"__metadata__":{"format":"pt","modelspec.architecture":"x"}}"#
    try withMappedFile(SafetensorsBuilder.file(header: header)) { mapped in
      let metadata = try SafetensorsFile(mapped).metadata
      #expect(metadata == ["format": "pt", "modelspec.architecture": "x"])
    }
  }

  // MARK: What is refused

  @Test(arguments: headerMistakes + tensorMistakes)
  func `a breach of the format is named by its place`(mistake: Mistake) {
    #expect(throws: mistake.error) { try entries(mistake.file) }
  }

  @Test(arguments: [
    (Array("PK\u{03}\u{04}rest of an archive".utf8), FileKind.zip),
    ([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], .pickle),
    (Array("GGUF\u{03}\u{00}\u{00}\u{00}".utf8), .gguf),
    (Array("version https://git-lfs.github.com/spec/v1\n".utf8), .lfsPointer),
    (Array("<!DOCTYPE html><html></html>".utf8), .html), (Array("<html></html>".utf8), .html),
  ])
  func `other kinds of file are called by their name`(bytes: [UInt8], kind: FileKind) throws {
    let name = try #require(kind.weightsName)
    #expect(
      throws: WeightsError.notSafetensors(path: "test", found: "it looks like \(name)")
    ) { try entries(bytes) }
  }

  @Test func `a file that cannot be opened is reported with the system's reason`() throws {
    let folder = try TemporaryFolder()
    #expect(
      throws: UnreadableFile(
        path: folder.path("absent"), reason: "no such file or directory")
    ) { try SafetensorsFile(path: folder.path("absent")) }
    #expect(throws: UnreadableFile(path: folder.path, reason: "not a regular file")) {
      try SafetensorsFile(path: folder.path)
    }
    let empty = try folder.write([], to: "empty")
    #expect(throws: UnreadableFile(path: empty, reason: "the file is empty")) {
      try SafetensorsFile(path: empty)
    }
  }

  // MARK: Damage

  private static let small = SafetensorsBuilder.file([
    .init("a", [2], [1, 2]), .init("b.weight", "F16", [1, 2], bytes: [1, 2, 3, 4]),
  ])

  @Test func `every truncation is refused`() {
    for count in 0..<Self.small.count {
      #expect(throws: WeightsError.self, "\(count) bytes") {
        try entries(Array(Self.small.prefix(count)))
      }
    }
  }

  @Test func `a longer file is refused`() {
    #expect(throws: WeightsError.self) { try entries(Self.small + [0]) }
  }

  @Test func `every change of one byte is read or refused`() {
    for index in Self.small.indices {
      for flip: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
        var bytes = Self.small
        bytes[index] ^= flip
        do {
          // What is still read lies inside the file.
          for entry in try entries(bytes).values {
            #expect(entry.byteRange.upperBound <= bytes.count)
          }
        } catch {
          #expect(error is WeightsError)
        }
      }
    }
  }

  @Test func `random headers are read or refused`() {
    let seed: UInt64 = 31
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "{", "}", "[", "]", ":", ",", "\"", "\\", "0", "8", "-", ".", "e", "null", "true",
      "\"dtype\"", "\"F32\"", "\"shape\"", "\"data_offsets\"", "\"t\"", " ", "\\u0061", "\u{FF}",
    ]
    for round in 0..<2000 {
      let count = Int.random(in: 0...30, using: &random)
      let header =
        "{" + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      do {
        _ = try entries(SafetensorsBuilder.file(header: header, data: [0, 0, 0, 0]))
      } catch {
        #expect(error is WeightsError, "round \(round) of seed \(seed)")
      }
    }
  }

  @Test(.enabled(if: Fixtures.hasShared, "\(Fixtures.sharedComment)"))
  func `the shared cases are read or refused as their list says`() throws {
    let folder = Fixtures.sharedPath("data/edge/safetensors")
    let list = String(decoding: try Fixtures.bytes(at: folder + "/cases.tsv"), as: UTF8.self)
    for line in list.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t").map(String.init)
      let opens = Result { try SafetensorsFile(path: "\(folder)/\(fields[0]).safetensors") }
      switch fields[1] {
      case "ok": #expect(throws: Never.self, "\(line)") { try opens.get() }
      case "err": #expect(throws: WeightsError.self, "\(line)") { try opens.get() }
      default: break
      }
    }
  }

  private func entries(_ bytes: [UInt8]) throws -> [String: SafetensorsFile.Entry] {
    try withMappedFile(bytes) { try SafetensorsFile($0).entries }
  }
}
