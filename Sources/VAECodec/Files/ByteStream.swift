/// Bytes that come one after the other, such as those of a pipe.
package protocol ByteStream: AnyObject {
  /// The next bytes, `maximum` of them or fewer; none at the end.
  ///
  /// - Throws: `FileError`, or what is wrong with the bytes.
  func read(atMost maximum: Int) throws -> [UInt8]
}

/// The bytes of an array, one after the other.
package final class ArrayStream: ByteStream {
  private var rest: ArraySlice<UInt8>

  /// A stream of `bytes`.
  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  package func read(atMost maximum: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(maximum) }
    return Array(rest.prefix(maximum))
  }
}
