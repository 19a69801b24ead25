import VAE

extension MDSEncoding {
  /// The bytes of `value`, nil if it is none of this encoding.
  ///
  /// - Throws: `ShardError.unreadColumn`.
  func bytes(of value: MDSValue, column: String) throws -> [UInt8]? {
    if case .unread(let reason) = kind {
      throw ShardError.unreadColumn(column, encoding: name, reason: reason)
    }
    switch (kind, value) {
    case (.bytes, .bytes(let bytes)): return bytes
    case (.text, .text(let text)): return Array(text.utf8)
    case (.number(let type), .float(let number)): return Self.bytes(number, type)
    case (.number(let type), .integer(let number)): return Self.bytes(number, type)
    case (.number(let type), .unsigned(let number)): return Self.bytes(number, type)
    case (.array(let type, let shape), .array(let array)): return Self.bytes(array, type, shape)
    default: return nil
    }
  }

  private static func bytes(_ number: Double, _ type: ElementType) -> [UInt8]? {
    var writer = ByteWriter()
    switch type {
    case .f16: writer.write(Float16(number).bitPattern)
    case .f32: writer.write(Float(number))
    case .f64: writer.write(number.bitPattern)
    default: return nil
    }
    return writer.bytes
  }

  private static func bytes(_ number: some FixedWidthInteger, _ type: ElementType) -> [UInt8]? {
    let bounds: (lowest: Int64, highest: UInt64)
    switch type.kind {
    case .signed: bounds = (Int64.min >> (64 - type.bits), UInt64(Int64.max >> (64 - type.bits)))
    case .unsigned: bounds = (0, UInt64.max >> UInt64(64 - type.bits))
    default: return nil
    }
    guard number >= bounds.lowest, number <= bounds.highest else { return nil }
    var writer = ByteWriter()
    writer.write(UInt64(truncatingIfNeeded: number))
    return Array(writer.bytes.prefix(type.byteCount))
  }

  private static func bytes(
    _ array: MDSArray, _ type: ElementType?, _ shape: [Int]?
  ) -> [UInt8]? {
    guard let element = ElementType(mdsName: array.elementName), let code = element.mdsCode,
      type ?? element == element, shape ?? array.shape == array.shape,
      1...maximumRank ~= array.shape.count, let largest = array.shape.max(),
      array.shape.allSatisfy({ $0 > 0 }),
      Int(product: array.shape + [element.byteCount]) == array.bytes.count
    else { return nil }
    var writer = ByteWriter()
    if type == nil { writer.write(code) }
    if shape == nil {
      // The least of 1, 2, 4 and 8 bytes that hold the largest extent.
      let size = [8, 16, 32].firstIndex { largest < 1 << $0 } ?? 3
      writer.write(UInt8(array.shape.count << 2 | size))
      for extent in array.shape {
        var number = ByteWriter()
        number.write(UInt64(extent))
        writer.write(number.bytes.prefix(1 << size))
      }
    }
    writer.write(array.bytes)
    return writer.bytes
  }
}
