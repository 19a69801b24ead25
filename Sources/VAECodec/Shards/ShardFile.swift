import VAE

/// What identifies a shard: its name, and what is in it.
public struct ShardFile: Codable, Sendable, Equatable {
  /// The path, as it was given or beside the file that names it.
  public let name: String
  /// Bytes of the file.
  public let byteCount: Int
  /// The SHA-256 of its bytes, in hexadecimal digits.
  public let sha256: String

  private enum CodingKeys: String, CodingKey {
    case name, sha256
    case byteCount = "bytes"
  }

  /// A file of which all is known.
  public init(name: String, byteCount: Int, sha256: String) {
    (self.name, self.byteCount, self.sha256) = (name, byteCount, sha256)
  }

  /// The file at `path`, which is read to its end.
  ///
  /// - Throws: `FileError.unreadable`.
  public init(measuring path: String, name: String) throws {
    let stream = try FileStream(path)
    var digest = SHA256()
    var byteCount = 0
    while true {
      let bytes = try stream.read(atMost: StreamBuffer.chunkByteCount)
      if bytes.isEmpty { break }
      digest.update(bytes)
      byteCount += bytes.count
    }
    self.init(name: name, byteCount: byteCount, sha256: digest.hexadecimal())
  }

  /// Whether the file at `path` has the stated size and, where `checkingContents`, the stated bytes.
  ///
  /// - Throws: `FileError.unreadable`.
  public func matches(_ path: String, checkingContents: Bool) throws -> Bool {
    guard try FileStream(path).byteCount == byteCount else { return false }
    return try !checkingContents || ShardFile(measuring: path, name: name).sha256 == sha256
  }
}
