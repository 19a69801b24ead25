import VAE

/// Reading the one field of EXIF metadata that changes how a picture looks.
enum EXIF {
  /// The orientation tag and the field types in which it is found (Exif 2.32, 4.6.4 and 4.6.2).
  private enum Field {
    static let orientation: UInt16 = 0x0112
    static let short: UInt16 = 3
    static let long: UInt16 = 4
  }

  /// The orientation, 1...8, that `bytes`, which begin with a TIFF header, ask for; 1 if they ask
  /// for none or cannot be read.
  static func orientation(in bytes: [UInt8]) -> Int {
    guard let value = try? orientationField(in: bytes), (1...8).contains(value) else { return 1 }
    return value
  }

  /// The value of the field as it stands, nil if there is none.
  ///
  /// - Throws: `ByteReader.EndOfData`.
  private static func orientationField(in bytes: [UInt8]) throws -> Int? {
    let byteOrder: ByteReader.ByteOrder
    switch Array(bytes.prefix(4)) {
    case [0x49, 0x49, 0x2A, 0x00]: byteOrder = .littleEndian
    case [0x4D, 0x4D, 0x00, 0x2A]: byteOrder = .bigEndian
    default: return nil
    }
    var reader = ByteReader(bytes, byteOrder: byteOrder)
    try reader.seek(to: 4)
    try reader.seek(to: Int(try reader.read(UInt32.self)))
    for _ in 0..<(try reader.read(UInt16.self)) {
      let tag = try reader.read(UInt16.self)
      let type = try reader.read(UInt16.self)
      let count = try reader.read(UInt32.self)
      let valueOffset = reader.offset
      if tag == Field.orientation, count == 1 {
        if type == Field.short { return Int(try reader.read(UInt16.self)) }
        if type == Field.long { return Int(try reader.read(UInt32.self)) }
      }
      try reader.seek(to: valueOffset + 4)
    }
    return nil
  }
}
