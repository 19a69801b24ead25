import VAE

/// A file in a tar archive.
public struct TarMember: Sendable, Equatable {
  /// The path in the archive, without "./" at its beginning, as `InputFile.path(of:)` makes it of bytes.
  public let name: String
  /// The byte at which its first header begins.
  public let offset: Int
  /// The byte at which its contents begin.
  public let dataOffset: Int
  /// Bytes of its contents.
  public let byteCount: Int

  /// What errors call it.
  var part: String { "member \(ShardError.quoted(name))" }

  /// Bytes that fill up its contents to whole blocks.
  var paddingByteCount: Int {
    byteCount.roundedUp(toMultipleOf: TarHeader.blockByteCount) - byteCount
  }
}

/// What is strange at the end of a tar archive: members may be missing, though all that are there are whole.
public enum TarWarning: Sendable, Equatable, CustomStringConvertible {
  /// The archive ends without the blocks of zeros that every program writes there.
  case noEnd(offset: Int)
  /// Something that is not read follows the end.
  case bytesAfterEnd(offset: Int)

  public var description: String {
    switch self {
    case .noEnd(let offset):
      "no end-of-archive marker at byte \(offset): files may be missing"
    case .bytesAfterEnd(let offset):
      "the archive ends at byte \(offset), and what follows is not read: another archive after it?"
    }
  }
}
