/// Bytes of which ranges are read: those of a file that is mapped, or an array.
package protocol ByteSource: Sendable {
  /// How many there are.
  var byteCount: Int { get }

  /// A copy of those of `range`.
  ///
  /// - Precondition: `range` lies inside.
  func bytes(in range: Range<Int>) -> [UInt8]
}

extension MappedFile: ByteSource {}

extension [UInt8]: ByteSource {
  package var byteCount: Int { count }

  package func bytes(in range: Range<Int>) -> [UInt8] { Array(self[range]) }
}
