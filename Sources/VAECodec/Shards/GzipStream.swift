import VAE

/// What a stream of gzip unpacks to; several that follow each other count as one, as for `gzip`.
///
/// - SeeAlso: RFC 1952.
final class GzipStream: ByteStream {
  private let source: StreamBuffer
  private let inflation: DeflateStream
  private var input: [UInt8] = []
  private var used = 0
  /// Whether the stream that was begun has ended.
  private var isComplete = false

  /// Bytes that are unpacked at a time.
  private static let chunkByteCount = 1 << 16

  /// - Throws: `ShardError.malformed` if zlib has no memory.
  init(_ source: StreamBuffer) throws {
    guard let inflation = DeflateStream(.gzip) else {
      throw ShardError.malformed(part: Self.part, offset: 0, reason: "no memory to unpack it")
    }
    (self.source, self.inflation) = (source, inflation)
  }

  static func recognises(_ beginning: [UInt8]) -> Bool { FileKind.gzip.matches(beginning) }

  func read(atMost maximum: Int) throws -> [UInt8] {
    while try hasInput() {
      guard
        let result = inflation.inflated(
          &input, from: used, atMost: min(maximum, Self.chunkByteCount))
      else {
        throw ShardError.malformed(
          part: Self.part, offset: source.offset - input.count + used, reason: "it is damaged")
      }
      used = result.used
      isComplete = result.isEnd
      if !result.bytes.isEmpty { return result.bytes }
    }
    return []
  }

  /// Whether bytes are left to be unpacked, or an output that zlib holds back.
  private func hasInput() throws -> Bool {
    if used == input.count {
      input = try source.read(atMost: Self.chunkByteCount)
      used = 0
    }
    if isComplete {
      // Tapes and block devices are padded with zeros.
      while input[used...].allSatisfy({ $0 == 0 }), !input.isEmpty {
        input = try source.read(atMost: Self.chunkByteCount)
        used = 0
      }
      used += input[used...].prefix { $0 == 0 }.count
      guard used < input.count else { return false }
      inflation.reset()
      isComplete = false
    }
    guard used < input.count else {
      throw ShardError.malformed(
        part: Self.part, offset: source.offset, reason: "it ends early")
    }
    return true
  }

  private static let part = "gzip stream"
}
