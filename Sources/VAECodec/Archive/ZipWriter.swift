import VAE

/// Writes ZIP archives of stored members, byte for byte as Python's `zipfile` does for NumPy: 64-bit
/// sizes in the local headers, the first of January 1980 as the date.
///
/// - SeeAlso: NumPy `numpy/lib/_npyio_impl.py`, `_savez`.
package enum ZipWriter {
  /// The bytes of an archive of `members`.
  ///
  /// - Throws: `ArchiveError.tooLong` beyond 4 GB.
  package static func bytes(_ members: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
    guard members.reduce(0, { $0 + $1.bytes.count + 256 }) < Int(UInt32.max) else {
      throw ArchiveError.tooLong
    }
    var writer = ByteWriter()
    var directory = ByteWriter()
    for (name, bytes) in members {
      let checksum = Deflate.checksum(bytes)
      writeEntry(&directory, name, bytes.count, checksum, offset: writer.bytes.count)
      writeLocal(&writer, name, bytes.count, checksum)
      writer.write(bytes)
    }
    let offset = writer.bytes.count
    writer.write(directory.bytes)
    writer.write(UInt32(0x0605_4B50))
    writer.write(UInt32(0))
    writer.write(UInt16(members.count))
    writer.write(UInt16(members.count))
    writer.write(UInt32(directory.bytes.count))
    writer.write(UInt32(offset))
    writer.write(UInt16(0))
    return writer.bytes
  }

  /// The version that 64-bit sizes need, 4.5.
  private static let version: UInt16 = 45
  /// The first of January 1980 in the date format of MS-DOS.
  private static let date: UInt16 = 1 << 5 | 1

  private static func writeLocal(
    _ writer: inout ByteWriter, _ name: String, _ byteCount: Int, _ checksum: UInt32
  ) {
    writer.write(UInt32(0x0403_4B50))
    writer.write(version)
    for field in [0, 0, 0, date] as [UInt16] { writer.write(field) }
    writer.write(checksum)
    writer.write(UInt32.max)
    writer.write(UInt32.max)
    writer.write(UInt16(name.utf8.count))
    writer.write(UInt16(20))
    writer.write(name.utf8)
    writer.write(UInt16(1))
    writer.write(UInt16(16))
    writer.write(UInt64(byteCount))
    writer.write(UInt64(byteCount))
  }

  private static func writeEntry(
    _ writer: inout ByteWriter, _ name: String, _ byteCount: Int, _ checksum: UInt32, offset: Int
  ) {
    writer.write(UInt32(0x0201_4B50))
    // Made by version 4.5 on Unix (3).
    writer.write(version | 3 << 8)
    writer.write(version)
    for field in [0, 0, 0, date] as [UInt16] { writer.write(field) }
    writer.write(checksum)
    writer.write(UInt32(byteCount))
    writer.write(UInt32(byteCount))
    writer.write(UInt16(name.utf8.count))
    for field in [0, 0, 0, 0] as [UInt16] { writer.write(field) }
    // Permissions of the file, in the upper half.
    writer.write(UInt32(0o600) << 16)
    writer.write(UInt32(offset))
    writer.write(name.utf8)
  }
}
