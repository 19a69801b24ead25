import VAE

/// The members of a ZIP archive, believing none of its numbers.
///
/// The central directory is found from the end record alone, with the 64-bit records where they are
/// needed; every local header must repeat what the directory says; members lie one after the other
/// between the beginning and the directory. Nothing is unpacked before it is asked for.
///
/// - SeeAlso: PKWARE's APPNOTE.TXT, 4.3 (records) and 4.5.3 (64-bit sizes).
struct ZipArchive: Sendable {
  /// A file of the archive.
  struct Member: Sendable, Equatable {
    let name: String
    /// Whether its bytes are deflated; else they are stored as they are.
    let isDeflated: Bool
    /// The CRC-32 of its bytes.
    let checksum: UInt32
    /// Its bytes in the archive, as they are stored.
    let storedRange: Range<Int>
    /// Bytes that it has when it is unpacked.
    let byteCount: Int
  }

  /// In the order of the directory.
  let members: [Member]
  private let bytes: [UInt8]

  /// Whether `bytes` begin as an archive does, be it an empty one.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    FileKind.zip.matches(bytes) || FileKind.emptyZIP.matches(bytes)
  }

  /// The archive in `bytes`.
  ///
  /// - Throws: `ArchiveError`.
  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    do {
      members = try ZipDirectory(bytes).members()
    } catch let error as ByteReader.EndOfData {
      throw ArchiveError.truncated(error)
    }
  }

  /// The member called `name`, exactly.
  func member(_ name: String) -> Member? { members.first { $0.name == name } }

  /// The bytes of a member.
  ///
  /// - Throws: `ArchiveError.malformed` if they are damaged.
  func contents(of member: Member) throws -> [UInt8] {
    let stored = bytes[member.storedRange]
    let contents =
      member.isDeflated
      ? Deflate.inflated(stored, byteCount: member.byteCount) : Array(stored)
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
  func beginning(of member: Member, byteCount: Int) throws -> [UInt8] {
    let stored = bytes[member.storedRange]
    let count = min(byteCount, member.byteCount)
    guard member.isDeflated else { return Array(stored.prefix(count)) }
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
  static func section(of name: String) -> String { "member `\(name.escapedForTerminal)`" }
}
