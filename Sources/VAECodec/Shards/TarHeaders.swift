import VAE

/// The headers of a tar archive, each with the extended headers before it.
final class TarHeaders {
  private let input: StreamBuffer
  private(set) var warning: TarWarning?
  private var isAtEnd = false
  /// What errors call the place: the member before it.
  private var previous: String?
  private var globalRecords = PAXRecords()

  /// Longer names and records are nobody's.
  private static let maximumExtensionByteCount = 1 << 20
  /// Bytes after the end that are looked at; programs pad archives with zeros.
  private static let paddingByteCount = 1 << 20

  init(_ input: StreamBuffer) { self.input = input }

  /// The next header, whose contents come next in the input; nil at the end.
  ///
  /// - Throws: `ShardError`.
  func next() throws -> (content: TarHeader.Content, member: TarMember)? {
    let start = input.offset
    var records = PAXRecords()
    var longName: [UInt8]?
    while let header = try nextHeader(from: start) {
      let offset = input.offset - TarHeader.blockByteCount
      switch header.content {
      case .records:
        let new = try PAXRecords(extensionBytes(header, at: offset), at: offset)
        guard new.path == nil || records.path == nil && longName == nil else {
          throw Self.twoNames(offset)
        }
        records.update(with: new)
      case .longName:
        let bytes = try extensionBytes(header, at: offset)
        guard records.path == nil && longName == nil else { throw Self.twoNames(offset) }
        longName = TarHeader.text(bytes[...])
      case .longLink: _ = try extensionBytes(header, at: offset)
      case .globalRecords:
        globalRecords.update(with: try PAXRecords(extensionBytes(header, at: offset), at: offset))
      case .file, .nothing, .other, .sparse:
        var all = globalRecords
        all.update(with: records)
        let name = longName ?? all.path ?? header.name
        let member = try member(name, all.byteCount ?? header.byteCount, from: start)
        guard header.content != .sparse && !all.isSparse else {
          throw ShardError.malformed(
            part: member.part, offset: start, reason: "files with holes are not read")
        }
        return (header.content, member)
      }
    }
    return nil
  }

  private func member(_ name: [UInt8], _ byteCount: Int, from start: Int) throws -> TarMember {
    let member = TarMember(
      name: String(pathBytes: Self.normalised(name)), offset: start, dataOffset: input.offset,
      byteCount: byteCount)
    guard !name.contains(0) else {
      throw ShardError.malformed(
        part: "tar header", offset: start, reason: "the name has a 0 in it")
    }
    previous = member.name
    return member
  }

  /// Without "./" at the beginning, which means nothing.
  private static func normalised(_ name: [UInt8]) -> [UInt8] {
    var name = name[...]
    while name.starts(with: "./".utf8) {
      name = name.dropFirst().drop { $0 == FileSystem.separator }
    }
    return Array(name)
  }

  /// The header in the next block; nil at the end.
  private func nextHeader(from start: Int) throws -> TarHeader? {
    guard !isAtEnd else { return nil }
    let offset = input.offset
    let block = try input.take(TarHeader.blockByteCount)
    if offset == 0 { try Self.checkBeginning(block) }
    guard !block.isEmpty || offset > start else {
      isAtEnd = true
      warning = .noEnd(offset: offset)
      return nil
    }
    guard block.count == TarHeader.blockByteCount else {
      throw ShardError.truncated(
        part: part("tar header"), offset: offset, needed: TarHeader.blockByteCount,
        available: block.count)
    }
    guard block.contains(where: { $0 != 0 }) else {
      isAtEnd = true
      try checkEnd(at: offset)
      return nil
    }
    guard TarHeader.hasChecksum(block) else {
      throw ShardError.malformed(
        part: part("tar header"), offset: offset, reason: "its checksum does not match")
    }
    return try TarHeader(block, at: offset)
  }

  private func part(_ name: String) -> String {
    previous.map { "\(name) after member \(ShardError.quoted($0))" } ?? name
  }

  /// Checks that the first block is one of a tar archive, and says what it is if not.
  private static func checkBeginning(_ block: [UInt8]) throws {
    guard !block.isEmpty else { throw ShardError.notShard("the archive is empty") }
    let isHeader = block.count == TarHeader.blockByteCount && TarHeader.hasChecksum(block)
    guard !isHeader, block.contains(where: { $0 != 0 }) else { return }
    let kind = FileKind(block, having: \.name)
    let name = kind?.name ?? "something else"
    switch kind {
    case .bzip2, .xz, .zstandard: throw ShardError.compressed(name)
    case .tar where block.count == TarHeader.blockByteCount:
      throw ShardError.malformed(
        part: "tar header", offset: 0, reason: "its checksum does not match")
    default: throw ShardError.notShard("not a tar archive, but \(name)")
    }
  }

  /// Looks for something that is no padding behind the end.
  private func checkEnd(at offset: Int) throws {
    let padding = try input.take(Self.paddingByteCount)
    if padding.contains(where: { $0 != 0 }) { warning = .bytesAfterEnd(offset: offset) }
  }

  /// The contents of an extended header.
  private func extensionBytes(_ header: TarHeader, at offset: Int) throws -> [UInt8] {
    let name = part("extended tar header")
    guard header.byteCount <= Self.maximumExtensionByteCount else {
      throw ShardError.tooLong(
        part: name, offset: offset, byteCount: header.byteCount,
        maximum: Self.maximumExtensionByteCount)
    }
    let bytes = try input.take(header.byteCount)
    guard bytes.count == header.byteCount else {
      throw ShardError.truncated(
        part: name, offset: offset, needed: header.byteCount, available: bytes.count)
    }
    let blocks = header.byteCount.roundedUp(toMultipleOf: TarHeader.blockByteCount)
    _ = try input.skip(blocks - header.byteCount)
    return bytes
  }

  private static func twoNames(_ offset: Int) -> ShardError {
    .malformed(part: "extended tar header", offset: offset, reason: "a second name for one member")
  }
}
