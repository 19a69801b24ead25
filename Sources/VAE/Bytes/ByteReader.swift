/// Bounds-checked reading of numbers and runs of bytes from a file held in memory.
///
/// Every parser of a file (safetensors, latent.bin, .npy, EXIF) reads through this type, so that no
/// malformed file can reach memory that is not its own.
package struct ByteReader {
  /// The bytes wanted at `offset` are not there.
  package struct EndOfData: Error {
    /// Byte offset in the file at which the read began.
    package let offset: Int
    /// Bytes the read asked for.
    package let needed: Int
    /// Bytes left in the file at `offset`.
    package let available: Int
  }

  /// The order of the bytes of a number.
  package enum ByteOrder: Sendable {
    case littleEndian, bigEndian
  }

  private let bytes: [UInt8]
  private let byteOrder: ByteOrder
  /// The offset in the file of the first byte.
  private let start: Int
  /// Byte offset of the next read; never past the end.
  package private(set) var offset: Int

  /// A reader at the first of `bytes`, whose numbers are stored in `byteOrder`.
  ///
  /// - Parameter start: their offset in the file, where they are a part of one.
  package init(_ bytes: [UInt8], byteOrder: ByteOrder, from start: Int = 0) {
    self.bytes = bytes
    self.byteOrder = byteOrder
    self.start = start
    offset = start
  }

  /// Bytes from `offset` to the end.
  package var remaining: Int { start + bytes.count - offset }

  /// Moves to `offset`.
  ///
  /// - Throws: `EndOfData` if `newOffset` is before the beginning or past the end.
  package mutating func seek(to newOffset: Int) throws {
    guard newOffset >= start, newOffset <= start + bytes.count else {
      throw EndOfData(offset: newOffset, needed: 0, available: 0)
    }
    offset = newOffset
  }

  /// The next `byteCount` bytes.
  ///
  /// - Throws: `EndOfData` if fewer are left.
  package mutating func readBytes(_ byteCount: Int) throws -> ArraySlice<UInt8> {
    guard byteCount >= 0, byteCount <= remaining else {
      throw EndOfData(offset: offset, needed: byteCount, available: remaining)
    }
    defer { offset += byteCount }
    return bytes[offset - start..<offset - start + byteCount]
  }

  /// The next integer, in the reader's byte order.
  ///
  /// - Throws: `EndOfData` if fewer bytes are left than the type has.
  package mutating func read<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type
  ) throws -> Number {
    let run = try readBytes(Number.bitWidth / 8)
    switch byteOrder {
    case .littleEndian: return run.reversed().reduce(0) { $0 << 8 | Number($1) }
    case .bigEndian: return run.reduce(0) { $0 << 8 | Number($1) }
    }
  }
}
