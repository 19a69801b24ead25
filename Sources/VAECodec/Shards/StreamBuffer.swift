/// A stream that can be looked into before it is read, and knows how far it was read.
final class StreamBuffer: ByteStream {
  private let source: any ByteStream
  private var bytes: [UInt8] = []
  /// How many of `bytes` were taken.
  private var used = 0
  /// Bytes that were taken from the beginning on.
  private(set) var offset = 0

  /// Bytes that are asked for at a time.
  static let chunkByteCount = 1 << 18

  init(_ source: any ByteStream) { self.source = source }

  func read(atMost maximum: Int) throws -> [UInt8] {
    if used == bytes.count { try fill() }
    let chunk = Array(bytes[used...].prefix(maximum))
    used += chunk.count
    offset += chunk.count
    return chunk
  }

  /// The next `count` bytes, or fewer at the end; memory is taken for those alone that are there.
  func take(_ count: Int) throws -> [UInt8] {
    var taken: [UInt8] = []
    while taken.count < count {
      let chunk = try read(atMost: count - taken.count)
      if chunk.isEmpty { break }
      taken += chunk
    }
    return taken
  }

  /// Passes over the next `count` bytes, or fewer at the end.
  ///
  /// - Returns: how many there were.
  func skip(_ count: Int) throws -> Int {
    var skipped = 0
    while skipped < count {
      if used == bytes.count { try fill() }
      let step = min(count - skipped, bytes.count - used)
      if step == 0 { break }
      used += step
      skipped += step
    }
    offset += skipped
    return skipped
  }

  /// The next `count` bytes, or fewer at the end, which are still there to be taken.
  func peek(_ count: Int) throws -> [UInt8] {
    while bytes.count - used < count {
      let chunk = try source.read(atMost: Self.chunkByteCount)
      if chunk.isEmpty { break }
      bytes = bytes[used...] + chunk
      used = 0
    }
    return Array(bytes[used...].prefix(count))
  }

  private func fill() throws {
    bytes = try source.read(atMost: Self.chunkByteCount)
    used = 0
  }
}
