/// Reads the records of a ZIP archive: end, directory and local headers.
struct ZipDirectory {
  /// Names of the archive that messages use.
  private static let section = "ZIP archive"
  private static let endByteCount = 22
  private static let end64ByteCount = 56
  private static let locatorByteCount = 20
  private static let entryByteCount = 46

  private static let localByteCount = 30

  private let source: any ByteSource

  /// The directory of the archive in `source`.
  init(_ source: some ByteSource) { self.source = source }

  /// A reader of the `byteCount` bytes at `offset`, or of what is there of them.
  ///
  /// - Throws: `ByteReader.EndOfData` if `offset` is outside.
  private func reader(at offset: Int, _ byteCount: Int) throws -> ByteReader {
    guard offset >= 0, offset <= source.byteCount else {
      throw ByteReader.EndOfData(offset: offset, needed: byteCount, available: 0)
    }
    let end = offset + min(byteCount, source.byteCount - offset)
    return ByteReader(source.bytes(in: offset..<end), byteOrder: .littleEndian, from: offset)
  }

  /// A run of a directory: where it lies and how many entries it has.
  private struct Extent {
    var offset: UInt64
    var byteCount: UInt64
    var entryCount: UInt64
    /// The record that follows the directory.
    var end: Int
  }

  /// What the directory says of a member, its place not yet checked.
  private struct Entry {
    let name: String
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    let storedByteCount: Int
    let byteCount: Int
    let localOffset: Int
  }

  /// The members, each checked against its local header.
  ///
  /// - Throws: `ArchiveError` and `ByteReader.EndOfData`.
  func members() throws -> [ZipArchive.Member] {
    let extent = try directory()
    // The directory ends where the record after it begins: with both known, none of its numbers is
    // believed alone.
    guard extent.offset <= UInt64(extent.end),
      extent.byteCount == UInt64(extent.end) - extent.offset,
      extent.entryCount <= extent.byteCount / UInt64(Self.entryByteCount)
    else {
      throw malformed(
        "\(extent.entryCount) entries in \(extent.byteCount) bytes from byte \(extent.offset) are "
          + "no directory before the record", at: extent.end)
    }
    var reader = try reader(at: Int(extent.offset), Int(extent.byteCount))
    var names: Set<String> = []
    let entries = try (0..<extent.entryCount).map { _ in
      let entry = try entry(&reader)
      guard names.insert(entry.name).inserted else {
        throw malformed("member `\(entry.name.escapedForTerminal)` comes twice", at: reader.offset)
      }
      return entry
    }
    guard reader.offset == extent.end else {
      throw malformed(
        "\(extent.end - reader.offset) bytes follow the last entry", at: reader.offset)
    }
    return try placed(entries, limit: Int(extent.offset))
  }

  private func malformed(_ reason: String, at offset: Int) -> ArchiveError {
    .malformed(section: Self.section, offset: offset, reason: reason)
  }

  // MARK: End records

  private func directory() throws -> Extent {
    let end = try endOffset()
    var reader = try reader(at: end + 4, Self.endByteCount)
    let disks = (try reader.read(UInt16.self), try reader.read(UInt16.self))
    let counts = (try reader.read(UInt16.self), try reader.read(UInt16.self))
    let (size, offset) = (try reader.read(UInt32.self), try reader.read(UInt32.self))
    let isSaturated = counts.1 == .max || size == .max || offset == .max
    // Some writers add the 64-bit record though no number needs it.
    if isSaturated || hasLocator(before: end) {
      let extent = try directory64(before: end)
      guard counts.1 == .max || UInt64(counts.1) == extent.entryCount,
        size == .max || UInt64(size) == extent.byteCount,
        offset == .max || UInt64(offset) == extent.offset
      else { throw malformed("its two end records differ", at: end) }
      return extent
    }
    guard disks == (0, 0), counts.0 == counts.1 else {
      throw malformed("an archive of several parts is not read", at: end)
    }
    return Extent(
      offset: UInt64(offset), byteCount: UInt64(size), entryCount: UInt64(counts.1), end: end)
  }

  private func hasLocator(before end: Int) -> Bool {
    source.bytes(in: max(0, end - Self.locatorByteCount)..<end)
      .starts(with: [0x50, 0x4B, 0x06, 0x07])
  }

  /// The last end record whose comment reaches to the end of the file.
  private func endOffset() throws -> Int {
    let byteCount = source.byteCount
    let start = max(0, byteCount - Self.endByteCount - Int(UInt16.max))
    let tail = source.bytes(in: start..<byteCount)
    for offset in stride(from: tail.count - Self.endByteCount, through: 0, by: -1)
    where tail[offset...].starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      let comment = Int(tail[offset + 20]) | Int(tail[offset + 21]) << 8
      if offset + Self.endByteCount + comment == tail.count { return start + offset }
    }
    throw malformed("it has no end record: it is cut short or not an archive", at: byteCount)
  }

  private func directory64(before end: Int) throws -> Extent {
    let locator = end - Self.locatorByteCount
    var reader = try reader(at: locator, Self.locatorByteCount)
    let locatorMagic = try reader.read(UInt32.self)
    let disk = try reader.read(UInt32.self)
    let record = try reader.read(UInt64.self)
    guard locatorMagic == 0x0706_4B50, disk == 0, try reader.read(UInt32.self) == 1,
      record == UInt64(max(0, locator - Self.end64ByteCount))
    else {
      throw malformed("the locator of its 64-bit end record is malformed", at: max(0, locator))
    }
    reader = try self.reader(at: Int(record), Self.end64ByteCount)
    let magic = try reader.read(UInt32.self)
    // Bytes of the record after this field.
    let length = try reader.read(UInt64.self)
    _ = try reader.readBytes(4)
    let disks = (try reader.read(UInt32.self), try reader.read(UInt32.self))
    let counts = (try reader.read(UInt64.self), try reader.read(UInt64.self))
    let (size, offset) = (try reader.read(UInt64.self), try reader.read(UInt64.self))
    guard magic == 0x0606_4B50, length == UInt64(Self.end64ByteCount - 12), disks == (0, 0),
      counts.0 == counts.1
    else {
      throw malformed("the 64-bit end record is malformed", at: Int(record))
    }
    return Extent(offset: offset, byteCount: size, entryCount: counts.1, end: Int(record))
  }

  // MARK: Entries

  private func entry(_ reader: inout ByteReader) throws -> Entry {
    let start = reader.offset
    guard try reader.read(UInt32.self) == 0x0201_4B50 else {
      throw malformed("an entry of the directory is malformed", at: start)
    }
    _ = try reader.readBytes(4)
    let (flags, method) = (try reader.read(UInt16.self), try reader.read(UInt16.self))
    _ = try reader.readBytes(4)
    let checksum = try reader.read(UInt32.self)
    var sizes = Sizes(
      stored: UInt64(try reader.read(UInt32.self)), unpacked: UInt64(try reader.read(UInt32.self)))
    let lengths = try (0..<3).map { _ in Int(try reader.read(UInt16.self)) }
    let disk = try reader.read(UInt16.self)
    _ = try reader.readBytes(6)
    var offset = UInt64(try reader.read(UInt32.self))
    let name = try memberName(reader.readBytes(lengths[0]), at: start)
    try readExtra(try reader.readBytes(lengths[1]), &sizes, &offset, at: start)
    _ = try reader.readBytes(lengths[2])
    guard disk == 0, flags & 0x2041 == 0, method == 0 || method == 8 else {
      throw malformed(
        "member `\(name.escapedForTerminal)` is encrypted or packed by method \(method), expected "
          + "stored or deflated", at: start)
    }
    guard let stored = Int(exactly: sizes.stored), let unpacked = Int(exactly: sizes.unpacked),
      let localOffset = Int(exactly: offset), stored <= source.byteCount,
      localOffset <= source.byteCount,
      method == 0 ? stored == unpacked : unpacked / Deflate.maximumRatio <= stored
    else {
      throw malformed(
        "member `\(name.escapedForTerminal)` cannot have \(sizes.stored) bytes for "
          + "\(sizes.unpacked) from byte \(offset)", at: start)
    }
    return Entry(
      name: name, flags: flags, method: method, checksum: checksum, storedByteCount: stored,
      byteCount: unpacked, localOffset: localOffset)
  }

  private struct Sizes: Equatable {
    var stored: UInt64
    var unpacked: UInt64
  }

  private func memberName(_ bytes: ArraySlice<UInt8>, at offset: Int) throws -> String {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw malformed("the name of a member is not UTF-8", at: offset)
    }
    return name
  }

  /// Puts the 64-bit numbers of an extra field in the place of those that are all ones.
  private func readExtra(
    _ extra: ArraySlice<UInt8>, _ sizes: inout Sizes, _ offset: inout UInt64, at start: Int
  ) throws {
    var reader = ByteReader(Array(extra), byteOrder: .littleEndian)
    do {
      while reader.remaining > 0 {
        let kind = try reader.read(UInt16.self)
        let payload = Array(try reader.readBytes(Int(try reader.read(UInt16.self))))
        guard kind == 1 else { continue }
        var numbers = ByteReader(payload, byteOrder: .littleEndian)
        if sizes.unpacked == UInt64(UInt32.max) { sizes.unpacked = try numbers.read(UInt64.self) }
        if sizes.stored == UInt64(UInt32.max) { sizes.stored = try numbers.read(UInt64.self) }
        if offset == UInt64(UInt32.max) { offset = try numbers.read(UInt64.self) }
      }
    } catch is ByteReader.EndOfData {
      throw malformed("an extra field of the entry is cut short", at: start)
    }
  }

  // MARK: Local headers

  /// The members of `entries`, which must lie one after the other before `limit`.
  private func placed(_ entries: [Entry], limit: Int) throws -> [ZipArchive.Member] {
    var members: [ZipArchive.Member] = []
    for entry in entries { members.append(try placed(entry)) }
    var end = 0
    for (entry, member) in zip(entries, members).sorted(by: { $0.0.localOffset < $1.0.localOffset })
    {
      guard entry.localOffset >= end, member.storedRange.upperBound <= limit else {
        throw malformed(
          "member `\(entry.name.escapedForTerminal)` lies over another part", at: entry.localOffset)
      }
      end = member.storedRange.upperBound
    }
    return members
  }

  private func placed(_ entry: Entry) throws -> ZipArchive.Member {
    var reader = try reader(at: entry.localOffset, Self.localByteCount)
    let magic = try reader.read(UInt32.self)
    _ = try reader.readBytes(2)
    let (flags, method) = (try reader.read(UInt16.self), try reader.read(UInt16.self))
    _ = try reader.readBytes(4)
    let checksum = try reader.read(UInt32.self)
    var sizes = Sizes(
      stored: UInt64(try reader.read(UInt32.self)), unpacked: UInt64(try reader.read(UInt32.self)))
    let lengths = (Int(try reader.read(UInt16.self)), Int(try reader.read(UInt16.self)))
    reader = try self.reader(at: reader.offset, lengths.0 + lengths.1)
    let name = try memberName(reader.readBytes(lengths.0), at: entry.localOffset)
    var offset: UInt64 = 0
    try readExtra(reader.readBytes(lengths.1), &sizes, &offset, at: entry.localOffset)
    // Where a descriptor follows the data, the local header does not have the numbers yet.
    let hasNumbers = flags & 8 == 0
    let expected = Sizes(stored: UInt64(entry.storedByteCount), unpacked: UInt64(entry.byteCount))
    guard magic == 0x0403_4B50, name == entry.name, flags == entry.flags, method == entry.method,
      !hasNumbers || (sizes == expected && checksum == entry.checksum)
    else {
      throw malformed(
        "the header of member `\(entry.name.escapedForTerminal)` is not what the directory says",
        at: entry.localOffset)
    }
    let start = reader.offset
    guard entry.storedByteCount <= source.byteCount - start else {
      throw ByteReader.EndOfData(
        offset: start, needed: entry.storedByteCount, available: source.byteCount - start)
    }
    return ZipArchive.Member(
      name: name, isDeflated: method == 8, checksum: entry.checksum,
      storedRange: start..<start + entry.storedByteCount, byteCount: entry.byteCount)
  }
}
