import VAE

/// Reads a tar archive from its beginning to its end, a member at a time.
///
/// Headers of ustar, of PAX and of GNU are understood, and an archive packed by gzip is unpacked on the way.
/// Links, folders and devices are passed over. Nothing that the archive claims is believed: memory is taken
/// for bytes that are there.
///
///     let reader = try TarReader(contentsOf: "pictures.tar")
///     while let member = try reader.next() {
///       print(member.name, try reader.contents().count)
///     }
///     if let warning = reader.warning { print(warning) }
public final class TarReader {
  /// The path for errors; nil for bytes in memory.
  private let path: String?
  private let input: StreamBuffer
  /// Whether the archive was packed, so that offsets are not those of the file.
  public let isCompressed: Bool
  /// What is strange at the end, once it was reached.
  public var warning: TarWarning? { headers.warning }
  /// Members with more bytes are refused when they are read.
  private let maximumByteCount: Int

  private let headers: TarHeaders
  /// The member whose contents come next.
  private var current: TarMember?

  /// The archive at `path`, or on standard input for "-".
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `ShardError.compressed`.
  public convenience init(contentsOf path: String) throws {
    let source = try FileStream(path)
    try self.init(source, path: path, maximumByteCount: InputFile.maximumByteCount)
  }

  /// The archive in `bytes`.
  ///
  /// - Throws: `ShardError.compressed`.
  public convenience init(decoding bytes: [UInt8]) throws {
    try self.init(
      ArrayStream(bytes), path: nil, maximumByteCount: InputFile.maximumByteCount)
  }

  /// - Parameter maximumByteCount: members with more bytes are not read.
  package init(_ source: any ByteStream, path: String?, maximumByteCount: Int) throws {
    let packed = StreamBuffer(source)
    self.path = path
    self.maximumByteCount = maximumByteCount
    isCompressed = GzipStream.recognises(try packed.peek(FileKind.prefixByteCount))
    input = isCompressed ? StreamBuffer(try GzipStream(packed)) : packed
    headers = TarHeaders(input)
  }

  /// The next file; nil at the end.
  ///
  /// - Throws: `FileError`, and `ShardError` (in an `InputError` where there is a path).
  public func next() throws -> TarMember? { try naming { try nextMember() } }

  /// The contents of the file that `next` gave.
  ///
  /// - Throws: `FileError`, and `ShardError.truncated` or `.tooLong` (in an `InputError` where there is a path).
  /// - Precondition: `next` gave one, and its contents were not yet taken.
  public func contents() throws -> [UInt8] {
    try naming {
      guard let member = current else { preconditionFailure("no member, or one that was read") }
      guard member.byteCount <= maximumByteCount else {
        throw ShardError.tooLong(
          part: member.part, offset: member.offset, byteCount: member.byteCount,
          maximum: maximumByteCount)
      }
      current = nil
      let bytes = try input.take(member.byteCount)
      try check(member, available: bytes.count)
      _ = try input.skip(member.paddingByteCount)
      return bytes
    }
  }

  /// An error of the archive, with the name of its file.
  func named(_ error: ShardError) -> any Error {
    path.map { InputError(path: $0, reason: error) } ?? error
  }

  /// Calls `body`, and gives its errors the name of the file.
  private func naming<Result>(_ body: () throws -> Result) throws -> Result {
    guard let path else { return try body() }
    return try InputError.naming(path, body)
  }

  private func nextMember() throws -> TarMember? {
    try skipContents()
    while let (content, member) = try headers.next() {
      guard content != .nothing else { continue }
      current = member
      if content == .file { return member }
      try skipContents()
    }
    return nil
  }

  /// Passes over contents that nobody took.
  private func skipContents() throws {
    guard let member = current else { return }
    current = nil
    try check(member, available: input.skip(member.byteCount))
    _ = try input.skip(member.paddingByteCount)
  }

  private func check(_ member: TarMember, available: Int) throws {
    guard available == member.byteCount else {
      throw ShardError.truncated(
        part: member.part, offset: member.offset, needed: member.byteCount, available: available)
    }
  }
}
