import VAE

/// Finding a chunk of metadata in a PNG file. The picture itself is libpng's work, which also checks
/// the sums of the chunks.
enum PNGChunks {
  /// The data of the first eXIf chunk, which may stand anywhere outside the picture's data; empty
  /// without one.
  ///
  /// - SeeAlso: PNG, third edition, 5.3 (chunk layout) and 11.3.4.5 (eXIf).
  static func exif(in bytes: [UInt8]) -> [UInt8] {
    var reader = ByteReader(bytes, byteOrder: .bigEndian)
    do {
      try reader.seek(to: 8)
      while true {
        let byteCount = Int(try reader.read(UInt32.self))
        let type = try reader.readBytes(4)
        if type.elementsEqual("eXIf".utf8) { return Array(try reader.readBytes(byteCount)) }
        try reader.seek(to: reader.offset + byteCount + 4)
      }
    } catch {
      return []
    }
  }
}
