import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Tar archives: those of other programs, those that no program writes, and damaged ones.
@Suite struct TarReaderTests {
  private typealias Names = [[String]]

  private static func names(_ bytes: [UInt8]) throws -> Names {
    try ShardFixtures.members(of: TarReader(decoding: bytes))
  }

  private static func message(_ bytes: [UInt8]) -> String {
    do {
      let reader = try TarReader(decoding: bytes)
      while try reader.next() != nil { _ = try reader.contents() }
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: ["ustar.tar", "gnu.tar", "pax.tar", "webdataset.tar", "pax.tar.gz"])
  func `the files of every format are read with their names`(name: String) throws {
    let expected = try #require(try ShardFixtures.members()[name])
    let reader = try TarReader(contentsOf: ShardFixtures.path(name))
    #expect(try ShardFixtures.members(of: reader) == expected)
    #expect(reader.warning == nil)
    #expect(reader.isCompressed == name.hasSuffix(".gz"))
  }

  @Test func `offsets are those of the archive`() throws {
    let bytes = try ShardFixtures.bytes("gnu.tar")
    let reader = try TarReader(decoding: bytes)
    var end = 0
    while let member = try reader.next() {
      #expect(member.offset >= end && member.offset % 512 == 0)
      end = member.dataOffset + member.byteCount
      #expect(try reader.contents() == Array(bytes[member.dataOffset..<end]))
    }
    #expect(end > 0)
  }

  @Test func `contents that nobody takes are passed over`() throws {
    let reader = try TarReader(decoding: ShardFixtures.bytes("pax.tar"))
    var names: [String] = []
    while let member = try reader.next() { names.append(member.name) }
    #expect(names == (try ShardFixtures.members())["pax.tar"]?.map { $0[0] })
  }

  @Test func `the size of records counts for the next file, global ones for all`() throws {
    var builder = TarBuilder()
    builder.addRecords([("path", "all"), ("mtime", "1.5")], type: "g")
    builder.addRecords([("size", "3"), ("path", "é/\u{1F600}")])
    builder.add("a", Array("123".utf8), size: Array("0".utf8))
    builder.add("b", Array("4".utf8))
    builder.addRecords([("path", "c")])
    builder.add("b", Array("5".utf8))
    #expect(try Self.names(builder.ended) == [["é/\u{1F600}", "123"], ["all", "4"], ["c", "5"]])
  }

  @Test func `sizes in binary and in digits with spaces are read`() throws {
    var builder = TarBuilder()
    builder.add("a", Array("123".utf8), size: [0x80] + [UInt8](repeating: 0, count: 10) + [3])
    builder.add("b", Array("45".utf8), size: Array("         02 ".utf8))
    builder.add("c", size: [UInt8](repeating: 0, count: 12))
    #expect(try Self.names(builder.ended) == [["a", "123"], ["b", "45"], ["c", ""]])
  }

  @Test(arguments: [
    [0xFF] + [UInt8](repeating: 0xFF, count: 11), [0x80, 0x7F] + [UInt8](repeating: 0, count: 10),
    Array("12x".utf8), Array("-1".utf8),
  ])
  func `a size that is none is refused`(size: [UInt8]) {
    var builder = TarBuilder()
    builder.add("a", Array("1".utf8))
    builder.add("b", Array("1".utf8), size: size)
    #expect(
      Self.message(builder.ended) == "tar header at byte 1024: the size of the member is no number")
  }

  @Test func `a huge claim takes no memory and is an error with the name`() throws {
    var builder = TarBuilder()
    builder.add("folder/big.jpg", Array("1".utf8), size: Array("77777777777".utf8))
    #expect(
      Self.message(builder.ended)
        == "member `folder/big.jpg` at byte 0 has 8589934591 bytes, more than the 2147483648 that are read"
    )
    builder = TarBuilder()
    builder.add("big.jpg", Array("1".utf8), size: Array("17777777777".utf8))
    #expect(
      Self.message(builder.ended)
        == "member `big.jpg` at byte 0 is cut off: 1536 of 2147483647 bytes are there")
    // 2^58, and nobody takes it.
    builder = TarBuilder()
    builder.add("big.jpg", size: [0x80, 0, 0, 0, 4] + [UInt8](repeating: 0, count: 7))
    let reader = try TarReader(decoding: builder.ended)
    #expect(try reader.next()?.byteCount == 1 << 58)
    #expect(throws: ShardError.self) { try reader.next() }
  }

  @Test func `old folders, other kinds and old signed checksums are understood`() throws {
    var builder = TarBuilder()
    builder.add("old/", type: "\0")
    builder.add("old/a", Array("1".utf8), type: "\0")
    builder.add("volume", Array("label".utf8), type: "V")
    builder.add("b", Array("2".utf8), type: "7")
    #expect(try Self.names(builder.ended) == [["old/a", "1"], ["b", "2"]])
    builder = TarBuilder()
    builder.add("é", Array("3".utf8))
    var bytes = builder.ended
    let signed = bytes[..<512].enumerated().reduce(0) { sum, item in
      sum + ((148..<156).contains(item.offset) ? 32 : Int(Int8(bitPattern: item.element)))
    }
    bytes.replaceSubrange(
      148..<155, with: Array((String(signed, radix: 8) + "\0").utf8) + [32, 32])
    #expect(try Self.names(bytes) == [["é", "3"]])
  }

  @Test func `the prefix counts in headers of POSIX alone`() throws {
    var builder = TarBuilder()
    let prefix = Array("pre".utf8)
    builder.add("a") { $0.replaceSubrange(345..<348, with: prefix) }
    builder.add("b") {
      $0.replaceSubrange(345..<348, with: prefix)
      $0.replaceSubrange(257..<265, with: Array("ustar  \0".utf8))
    }
    #expect(try Self.names(builder.ended) == [["pre/a", ""], ["b", ""]])
  }

  @Test func `files with holes are refused by name`() {
    var builder = TarBuilder()
    builder.add("a", Array("1".utf8), type: "S")
    #expect(Self.message(builder.ended) == "member `a` at byte 0: files with holes are not read")
    builder = TarBuilder()
    builder.addRecords([("GNU.sparse.major", "1")])
    builder.add("b", Array("1".utf8))
    #expect(Self.message(builder.ended) == "member `b` at byte 0: files with holes are not read")
  }

  @Test func `two names for one file are refused`() {
    var builder = TarBuilder()
    builder.add("././@LongLink", Array("first\0".utf8), type: "L")
    builder.addRecords([("path", "second")])
    builder.add("a")
    #expect(Self.message(builder.ended).hasSuffix("a second name for one member"))
  }

  @Test func `an archive without its end gives a warning, and what follows the end another`() throws
  {
    let bytes = try ShardFixtures.bytes("ustar.tar")
    let reader = try TarReader(decoding: bytes)
    var end = 0
    while let member = try reader.next() { end = member.dataOffset + 512 }
    let cut = try TarReader(decoding: Array(bytes[..<end]))
    #expect(try ShardFixtures.members(of: cut) == ShardFixtures.members()["ustar.tar"])
    #expect(cut.warning == .noEnd(offset: end))
    let twice = try TarReader(decoding: bytes + bytes)
    #expect(try ShardFixtures.members(of: twice) == ShardFixtures.members()["ustar.tar"])
    #expect(twice.warning == .bytesAfterEnd(offset: end))
    #expect(
      try TarReader(decoding: bytes[..<end] + [UInt8](repeating: 0, count: 512)).next() != nil)
  }

  @Test func `an archive cut anywhere gives its whole files and then an error or a warning`() throws
  {
    let bytes = Array(try ShardFixtures.bytes("gnu.tar"))
    let whole = try ShardFixtures.members(of: TarReader(decoding: bytes))
    for count in stride(from: 1, to: 14_000, by: 97) {
      let reader = try TarReader(decoding: Array(bytes[..<count]))
      var found: [[String]] = []
      do {
        while let member = try reader.next() {
          found.append([member.name, String(decoding: try reader.contents(), as: UTF8.self)])
        }
        #expect(reader.warning != nil, "\(count)")
      } catch {
        #expect(error is ShardError, "\(count): \(error)")
      }
      #expect(found == Array(whole.prefix(found.count)), "\(count)")
    }
  }

  @Test func `errors name the file, the member before and the byte`() throws {
    let folder = try TemporaryFolder()
    var bytes = try ShardFixtures.bytes("webdataset.tar")
    bytes[1024 + 3] ^= 1
    let path = try folder.write(bytes, to: "damaged.tar")
    let reader = try TarReader(contentsOf: path)
    _ = try reader.next()
    let error = #expect(throws: InputError.self) { try reader.next() }
    #expect(
      error?.description
        == "\(path): tar header after member `train.v1/0000.cls` at byte 1024: its checksum does not match"
    )
    #expect(throws: FileError.self) { try TarReader(contentsOf: folder.path("missing.tar")) }
    #expect(throws: FileError.self) { try TarReader(contentsOf: folder.path) }
  }

  @Test func `other files are called by their names`() throws {
    #expect(Self.message([]) == "the archive is empty")
    #expect(
      Self.message(Array("BZh91AY&SY".utf8))
        == "a bzip2 archive is not unpacked here: unpack it first")
    #expect(
      Self.message([0xFD] + Array("7zXZ".utf8) + [0])
        == "an xz archive is not unpacked here: unpack it first")
    #expect(
      Self.message([0x28, 0xB5, 0x2F, 0xFD] + [UInt8](repeating: 1, count: 600))
        == "a Zstandard archive is not unpacked here: unpack it first")
    #expect(Self.message([0xFF, 0xD8, 0xFF]) == "not a tar archive, but a picture")
    #expect(
      Self.message([UInt8](repeating: 7, count: 600)) == "not a tar archive, but something else")
  }

  @Test func `gzip is unpacked in pieces, several streams as one, and damage is an error`() throws {
    let packed = try ShardFixtures.bytes("pax.tar.gz")
    let expected = try ShardFixtures.members()["pax.tar.gz"]
    #expect(try Self.names(packed + [0, 0, 0]) == expected)
    #expect(try Self.names(packed + packed) == expected)
    for count in stride(from: 3, to: packed.count, by: 31) {
      #expect(Self.message(Array(packed[..<count])) != "no error", "\(count)")
    }
    var damaged = packed
    damaged[packed.count - 6] ^= 1
    #expect(Self.message(damaged).contains("gzip stream"))
    #expect(Self.message(packed + [1, 2]).contains("gzip stream"))
  }

  @Test func `names that are no UTF-8 come back as their bytes`() throws {
    var builder = TarBuilder()
    builder.add("a") { $0[0] = 0xE9 }
    builder.add("x", Array("7 path=".utf8), type: "x")
    #expect(Self.message(builder.ended).contains("`length key=value`"))
    builder = TarBuilder()
    builder.add("a") { $0[0] = 0xE9 }
    let reader = try TarReader(decoding: builder.ended)
    #expect(try reader.next()?.name.pathBytes == [0xE9])
  }

  @Test func `changed bytes are an error or an archive, and never a crash`() throws {
    var generator = SeededGenerator(seed: 18)
    for name in ["gnu.tar", "pax.tar", "pax.tar.gz"] {
      let bytes = try ShardFixtures.bytes(name)
      for _ in 0..<200 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let index = Int.random(in: 0..<min(bytes.count, 6000), using: &generator)
          changed[index] = UInt8.random(in: 0...255, using: &generator)
        }
        // Headers are believed where their checksum is right, so it is.
        for start in stride(from: 0, to: name.hasSuffix("gz") ? 0 : 6144, by: 512)
        where changed[start] != 0 { Self.repair(&changed, at: start) }
        do {
          _ = try Self.names(changed)
        } catch {
          #expect(error is ShardError, "\(error)")
        }
      }
    }
  }

  private static func repair(_ bytes: inout [UInt8], at start: Int) {
    bytes.replaceSubrange(start + 148..<start + 156, with: [UInt8](repeating: 32, count: 8))
    let sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
    let text = String(sum, radix: 8)
    bytes.replaceSubrange(start + 148..<start + 148 + text.count, with: Array(text.utf8))
  }
}
