import VAE

extension MDSEncoding {
  /// The value that `bytes` hold, nil if they hold none.
  ///
  /// - Throws: `ShardError.unreadColumn`.
  func value(of bytes: [UInt8], column: String) throws -> MDSValue? {
    switch kind {
    case .bytes: return .bytes(bytes)
    case .text: return String(validating: bytes, as: UTF8.self).map { .text($0) }
    case .number(let type): return Self.number(bytes, type)
    case .array(let type, let shape): return Self.array(bytes, type, shape)
    case .unread(let reason):
      throw ShardError.unreadColumn(column, encoding: name, reason: reason)
    }
  }

  private static func number(_ bytes: [UInt8], _ type: ElementType) -> MDSValue? {
    guard bytes.count == type.byteCount else { return nil }
    let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch type {
    case .f16: return .float(Double(Float16(bitPattern: UInt16(bits))))
    case .f32: return .float(Double(Float(bitPattern: UInt32(bits))))
    case .f64: return .float(Double(bitPattern: bits))
    case .u64: return .unsigned(bits)
    default:
      // The sign bit is that of the type.
      let shift = UInt64(64 - type.bits)
      let value = Int64(bitPattern: bits << shift)
      return .integer(type.kind == .signed ? value >> shift : Int64(bits))
    }
  }

  /// The array in `bytes`, before which stands what `type` and `shape` do not say.
  private static func array(
    _ bytes: [UInt8], _ type: ElementType?, _ shape: [Int]?
  ) -> MDSValue? {
    var reader = ByteReader(bytes, byteOrder: .littleEndian)
    guard
      let type = type ?? (try? reader.read(UInt8.self)).flatMap(ElementType.init(mdsCode:)),
      let shape = shape ?? Self.shape(&reader), let name = type.mdsName,
      Int(product: shape + [type.byteCount]) == reader.remaining,
      let values = try? reader.readBytes(reader.remaining)
    else { return nil }
    return .array(MDSArray(elementName: name, shape: shape, bytes: Array(values)))
  }

  /// A byte with the count of axes and the size of an extent, and then the extents.
  private static func shape(_ reader: inout ByteReader) -> [Int]? {
    guard let head = try? reader.read(UInt8.self), head >> 2 > 0 else { return nil }
    let extents = (0..<head >> 2).compactMap { _ -> Int? in
      let bytes = try? reader.readBytes(1 << Int(head & 3))
      return bytes.flatMap {
        Int(exactly: $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
      }
    }
    return extents.count == head >> 2 && extents.allSatisfy { $0 > 0 } ? extents : nil
  }
}
