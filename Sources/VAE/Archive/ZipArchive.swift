/// The members of a ZIP archive, believing none of its numbers.
///
/// The central directory is found from the end record alone, with the 64-bit records where they are
/// needed; every local header must repeat what the directory says; members lie one after the other
/// between the beginning and the directory. Nothing is unpacked before it is asked for.
///
/// - SeeAlso: PKWARE's APPNOTE.TXT, 4.3 (records) and 4.5.3 (64-bit sizes).
package struct ZipArchive: Sendable {
  /// A file of the archive.
  package struct Member: Sendable, Equatable {
    package let name: String
    /// Whether its bytes are deflated; else they are stored as they are.
    package let isDeflated: Bool
    /// The CRC-32 of its bytes.
    let checksum: UInt32
    /// Its bytes in the archive, as they are stored.
    package let storedRange: Range<Int>
    /// Bytes that it has when it is unpacked.
    package let byteCount: Int
  }

  /// In the order of the directory.
  package let members: [Member]
  private let places: [String: Int]
  private let source: any ByteSource

  /// Whether `bytes` begin as an archive does, be it an empty one.
  package static func recognises(_ bytes: [UInt8]) -> Bool {
    FileKind.zip.matches(bytes) || FileKind.emptyZIP.matches(bytes)
  }

  /// The name of the first member of an archive that begins with `beginning`, as far as that has it; nil
  /// if it has none of it.
  package static func firstName(_ beginning: [UInt8]) -> (text: String, isWhole: Bool)? {
    let headByteCount = 30
    guard FileKind.zip.matches(beginning), beginning.count > headByteCount else { return nil }
    let byteCount = Int(beginning[26]) | Int(beginning[27]) << 8
    let name = beginning[headByteCount...].prefix(byteCount)
    return (String(decoding: name, as: UTF8.self), name.count == byteCount)
  }

  /// The archive in `source`.
  ///
  /// - Throws: `ArchiveError`.
  package init(_ source: some ByteSource) throws {
    self.source = source
    do {
      members = try ZipDirectory(source).members()
    } catch let error as ByteReader.EndOfData {
      throw ArchiveError.truncated(error)
    }
    places = Dictionary(uniqueKeysWithValues: zip(members.map(\.name), members.indices))
  }

  /// The member called `name`, exactly.
  package func member(_ name: String) -> Member? { places[name].map { members[$0] } }

  /// The bytes of a member.
  ///
  /// - Throws: `ArchiveError.malformed` if they are damaged.
  package func contents(of member: Member) throws -> [UInt8] {
    let stored = source.bytes(in: member.storedRange)
    let contents =
      member.isDeflated
      ? Deflate.inflated(stored, byteCount: member.byteCount) : stored
    guard let contents else {
      throw malformed(member, "it does not unpack to \(member.byteCount) bytes")
    }
    guard Deflate.checksum(contents) == member.checksum else {
      throw malformed(member, "it is damaged: its checksum does not match")
    }
    return contents
  }

  /// The first bytes of a member, `byteCount` of them or all it has; not checked against its CRC.
  ///
  /// - Throws: `ArchiveError.malformed` if they do not unpack.
  package func beginning(of member: Member, byteCount: Int) throws -> [UInt8] {
    let count = min(byteCount, member.byteCount)
    let start = member.storedRange.lowerBound
    guard member.isDeflated else { return source.bytes(in: start..<start + count) }
    let stored = source.bytes(in: member.storedRange)
    guard let beginning = Deflate.inflated(stored, byteCount: count, isWhole: false) else {
      throw malformed(member, "it does not unpack to \(member.byteCount) bytes")
    }
    return beginning
  }

  private func malformed(_ member: Member, _ reason: String) -> ArchiveError {
    .malformed(
      section: Self.section(of: member.name), offset: member.storedRange.lowerBound,
      reason: reason)
  }

  /// What errors call the member `name`.
  package static func section(of name: String) -> String { "member `\(name.escapedForTerminal)`" }
}
