import TestSupport
import Testing
import VAE

@testable import VAECodec

/// ZIP archives: what Python writes, what is written, and archives that lie.
@Suite struct ZipArchiveTests {
  private static let members: [(name: String, bytes: [UInt8])] = [
    ("a.npy", Array("first".utf8)), ("b.npy", []), ("c.npy", [UInt8](repeating: 7, count: 300)),
  ]

  @Test func `what is written comes back`() throws {
    let archive = try ZipArchive(ZipWriter.bytes(Self.members))
    #expect(archive.members.map(\.name) == ["a.npy", "b.npy", "c.npy"])
    for (name, bytes) in Self.members {
      let member = try #require(archive.member(name))
      #expect(try archive.contents(of: member) == bytes)
      #expect(try archive.beginning(of: member, byteCount: 3) == Array(bytes.prefix(3)))
    }
    #expect(archive.member("A.npy") == nil)
    #expect(try ZipArchive(ZipWriter.bytes([])).members.isEmpty)
  }

  @Test func `deflated members unpack to their size and no further`() throws {
    let archive = try ZipArchive(InterchangeFixtures.bytes("kohya-compressed.npz"))
    let member = try #require(archive.member("latents.npy"))
    #expect(member.isDeflated && member.storedRange.count < member.byteCount)
    let contents = try archive.contents(of: member)
    #expect(contents.count == member.byteCount)
    #expect(try archive.beginning(of: member, byteCount: 100) == Array(contents.prefix(100)))
  }

  @Test func `a comment and what looks like an end record in it are no matter`() throws {
    var bytes = try ZipWriter.bytes(Self.members)
    let comment: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0xFF, count: 30)
    bytes[bytes.count - 2] = UInt8(comment.count)
    #expect(try ZipArchive(bytes + comment).members.count == 3)
  }

  @Test func `a directory with 64-bit records is read`() throws {
    let bytes = try With64BitRecords(ZipWriter.bytes(Self.members)).bytes
    let archive = try ZipArchive(bytes)
    #expect(archive.members.map(\.name) == ["a.npy", "b.npy", "c.npy"])
    for index in bytes.indices.suffix(98) {
      var damaged = bytes
      damaged[index] ^= 0x21
      do {
        #expect(try ZipArchive(damaged).members == archive.members, "byte \(index)")
      } catch {
        #expect(error is ArchiveError, "byte \(index): \(error)")
      }
    }
  }

  @Test func `64-bit records that no number needs must say the same`() throws {
    let plain = try ZipWriter.bytes(Self.members)
    var bytes = With64BitRecords(plain).bytes
    // Entry counts, size and offset of the plain record, which the other one saturates.
    bytes.replaceSubrange(bytes.count - 14..<bytes.count - 2, with: plain.suffix(14).dropLast(2))
    #expect(try ZipArchive(bytes).members.map(\.name) == ["a.npy", "b.npy", "c.npy"])
    for index in [bytes.count - 12, bytes.count - 10, bytes.count - 6] {
      var other = bytes
      other[index] ^= 1
      #expect(throws: ArchiveError.self, "byte \(index)") { try ZipArchive(other) }
    }
  }

  @Test func `a member that comes twice is refused`() throws {
    let bytes = try ZipWriter.bytes([Self.members[0], Self.members[0]])
    #expect(throws: ArchiveError.self) { try ZipArchive(bytes) }
  }

  @Test func `two members in one place are refused`() throws {
    var bytes = try ZipWriter.bytes([("a.npy", [1, 2]), ("b.npy", [1, 2])])
    // The second entry's offset becomes the first's; its name differs from the header there, and with
    // the same name it would come twice.
    let end = bytes.count - 22
    bytes.replaceSubrange(end - 9..<end - 5, with: [0, 0, 0, 0])
    #expect(throws: ArchiveError.self) { try ZipArchive(bytes) }
  }

  @Test func `a bomb is refused before it is unpacked`() throws {
    // 64 MB of zeros in 64 KB: more than the header of the array asks for.
    let header = NumpyFile.bytes(of: [Float](), shape: [4, 0, 0])
    let contents = header + [UInt8](repeating: 0, count: 64 << 20)
    let bytes = try DeflatedArchive("latents.npy", contents).bytes
    let error = #expect(throws: ContainerError.self) { try Latent(decoding: bytes) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("member `latents.npy`"))
  }

  @Test func `a huge latent that is all zeros is held against the limit of pixels`() throws {
    let contents = NumpyFile.bytes(
      of: [Float](repeating: 0, count: 4 << 20), shape: [1, 2048, 2048])
    let bytes = try DeflatedArchive("latents.npy", contents).bytes
    #expect(
      throws: LatentError.tooManyPixels(width: 16384, height: 16384, maximum: 1 << 27)
    ) { try Latent(decoding: bytes, maximumPixelCount: 1 << 27) }
    #expect(try Latent(decoding: bytes).width == 2048)
  }

  @Test(arguments: [0, 1, 4095, 4097, 1 << 40])
  func `a deflated member of another size than claimed is refused`(claim: Int) {
    let stream = DeflatedArchive.deflated([UInt8](repeating: 9, count: 4096))
    #expect(Deflate.inflated(stream, byteCount: claim) == nil)
    #expect(Deflate.inflated(stream, byteCount: 4096)?.count == 4096)
    let zeros = [UInt8](repeating: 0, count: 5 << 20)
    #expect(Deflate.inflated(zeros, byteCount: 5 << 30) == nil)
    #expect(Deflate.inflated(Array(stream.dropLast()), byteCount: 4096) == nil)
    #expect(Deflate.inflated(stream + [0], byteCount: 4096) == nil)
  }
}

/// An archive of one deflated member.
private struct DeflatedArchive {
  let bytes: [UInt8]

  init(_ name: String, _ contents: [UInt8]) throws {
    let stream = Self.deflated(contents)
    var stored = try ZipWriter.bytes([(name, stream)])
    func put(_ value: some FixedWidthInteger, at offset: Int) {
      var writer = ByteWriter()
      writer.write(value)
      stored.replaceSubrange(offset..<offset + writer.bytes.count, with: writer.bytes)
    }
    let checksum = Deflate.checksum(contents)
    let entry = 30 + name.utf8.count + 20 + stream.count
    // Method, checksum and unpacked size, in the local header and its extra field, and in the entry.
    put(UInt16(8), at: 8)
    put(checksum, at: 14)
    put(UInt64(contents.count), at: 30 + name.utf8.count + 4)
    put(UInt16(8), at: entry + 10)
    put(checksum, at: entry + 16)
    put(UInt32(contents.count), at: entry + 24)
    bytes = stored
  }

  /// `bytes` as a raw deflate stream: a zlib stream without its header and its checksum.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    Array(Deflate.compressed(bytes).dropFirst(2).dropLast(4))
  }
}

/// An archive whose end is given by 64-bit records.
private struct With64BitRecords {
  let bytes: [UInt8]

  init(_ archive: [UInt8]) {
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(archive[offset + $1]) << (8 * UInt64($1)) }
    }
    let end = archive.count - 22
    var writer = ByteWriter()
    writer.write(archive.prefix(end))
    writer.write(UInt32(0x0606_4B50))
    writer.write(UInt64(44))
    writer.write([45, 3, 45, 0])
    writer.write(UInt64(0))
    writer.write(number(end + 10, 2))
    writer.write(number(end + 10, 2))
    writer.write(number(end + 12, 4))
    writer.write(number(end + 16, 4))
    writer.write(UInt32(0x0706_4B50))
    writer.write(UInt32(0))
    writer.write(UInt64(end))
    writer.write(UInt32(1))
    writer.write(UInt32(0x0605_4B50))
    writer.write([UInt8](repeating: 0xFF, count: 16))
    writer.write(UInt16(0))
    bytes = writer.bytes
  }
}
