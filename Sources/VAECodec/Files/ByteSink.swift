/// What takes bytes one after the other, such as a file that is being written.
public protocol ByteSink {
  /// Appends bytes.
  ///
  /// - Throws: `FileError`, or what else keeps them from being written.
  mutating func write(_ bytes: [UInt8]) throws
}

/// Bytes that are gathered in memory.
public struct ByteBuffer: ByteSink, Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// A buffer with nothing in it.
  public init() {}

  public mutating func write(_ bytes: [UInt8]) { self.bytes += bytes }
}
