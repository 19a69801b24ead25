import TestSupport
import Testing
import VAE

@testable import VAECodec

/// The lines in which an output folder remembers what was done.
@Suite struct JournalTests {
  private static let source = FileStamp(byteCount: 182_731, modified: 1_795_224_634_261_000_000)

  private static let entries = [
    "a/b.jpg", "line\nend\ttab\u{1}", "\"quoted\\", "é\u{301}",
    String(pathBytes: [0x61, 0xFF, 0xF4]),
  ].flatMap { key in
    [
      JournalEntry(
        key: key, source: source, outcome: .made(files: 1, byteCount: 8812, checksum: 0xFFFF_FFFF)),
      JournalEntry(
        key: key, source: source, outcome: .made(files: 3, byteCount: 12, checksum: nil)),
      JournalEntry(key: key, source: nil, outcome: .failed(key, isMadeBefore: false)),
      JournalEntry(key: key, source: source, outcome: .failed(key, isMadeBefore: true)),
    ]
  }

  @Test(arguments: entries)
  func `a line is read as it was written`(entry: JournalEntry) {
    #expect(entry.line.last == UInt8(ascii: "\n"))
    #expect(entry.line.dropLast().allSatisfy { $0 >= 0x20 })
    #expect(JournalEntry(entry.line.dropLast()) == entry)
  }

  @Test(arguments: entries)
  func `a line that was cut is none`(entry: JournalEntry) {
    for count in 0..<entry.line.count - 1 {
      #expect(JournalEntry(entry.line.prefix(count)) == nil)
    }
    #expect(JournalEntry(entry.line.dropLast() + [0]) == nil)
  }

  @Test func `a journal is read whatever was done to its end`() throws {
    let folder = try TemporaryFolder()
    let lines = ["a", "b", "a"].enumerated().map { index, key in
      JournalEntry(
        key: key, source: Self.source,
        outcome: .made(files: 1, byteCount: index, checksum: 0)
      ).line
    }
    let bytes = lines.flatMap(\.self)
    for count in 0...bytes.count {
      try folder.write(bytes.prefix(count) + [0, 0, 0], to: "items-00000-of-00001.jsonl")
      let journal = Journal(in: folder.path)
      let whole =
        count == bytes.count
        ? 3
        : count >= lines[0].count + lines[1].count
          ? 2
          : count >= lines[0].count ? 1 : 0
      #expect((journal["b"] != nil) == (whole >= 2))
      let last = journal["a"].map { $0.outcome }
      #expect(last == [nil, 0, 0, 2][whole].map { .made(files: 1, byteCount: $0, checksum: 0) })
    }
  }

  @Test func `the next line begins after one that was cut short`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("{\"v\":1,\"ke".utf8), to: "items-00000-of-00001.jsonl")
    let entry = Self.entries[0]
    try AppendedFile(path).append(entry.line)
    #expect(Journal(in: folder.path)[entry.key] == entry)
  }
}
