/// Instructions that push a value which they carry themselves.
extension PickleMachine {
  /// The newest protocol that there is.
  private static let maximumProtocol: UInt8 = 5

  /// The value of a literal; nil for an instruction of another sort.
  mutating func literal(_ opcode: PickleOpcode) throws -> Pickle.Value? {
    switch opcode {
    case .none, .newTrue, .newFalse: return .bystander
    case .int: return try decimal(line())
    case .long:
      let digits = try line()
      return try decimal(digits.hasSuffix("L") ? String(digits.dropLast()) : digits)
    case .binInt: return .integer(Int(Int32(bitPattern: try reader.read(UInt32.self))))
    case .binInt1: return .integer(Int(try reader.read(UInt8.self)))
    case .binInt2: return .integer(Int(try reader.read(UInt16.self)))
    case .long1: return integer(try reader.readBytes(Int(reader.read(UInt8.self))))
    case .long4: return integer(try bytes(UInt32.self))
    case .float:
      _ = try line()
      return .bystander
    case .binFloat:
      _ = try reader.readBytes(8)
      return .bystander
    case .shortBinString, .shortBinUnicode: return text(try bytes(UInt8.self))
    case .binString, .binUnicode: return text(try bytes(UInt32.self))
    case .binUnicode8: return text(try bytes(UInt64.self))
    case .shortBinBytes: return try skipped(UInt8.self)
    case .binBytes: return try skipped(UInt32.self)
    case .binBytes8, .byteArray8: return try skipped(UInt64.self)
    default: return nil
    }
  }

  /// The text up to the end of a line.
  mutating func line() throws -> String {
    var bytes: [UInt8] = []
    while case let byte = try reader.read(UInt8.self), byte != UInt8(ascii: "\n") {
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads what stands before the values: the protocol, and lengths of parts.
  mutating func readFrame(_ opcode: PickleOpcode) throws {
    if opcode == .proto {
      let version = try reader.read(UInt8.self)
      guard version <= Self.maximumProtocol else { throw malformed("protocol \(version)") }
    } else {
      guard try reader.read(UInt64.self) <= UInt64(reader.remaining) else {
        throw malformed("a part is longer than the pickle")
      }
    }
  }

  private mutating func bytes<Length: FixedWidthInteger & UnsignedInteger>(
    _: Length.Type
  ) throws -> ArraySlice<UInt8> {
    let length = try reader.read(Length.self)
    guard let count = Int(exactly: length), count <= reader.remaining else {
      throw malformed("a value of \(length) bytes, \(reader.remaining) are left")
    }
    return try reader.readBytes(count)
  }

  private mutating func skipped<Length: FixedWidthInteger & UnsignedInteger>(
    _ length: Length.Type
  ) throws -> Pickle.Value {
    _ = try bytes(length)
    return .bystander
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> Pickle.Value {
    .text(String(decoding: bytes, as: UTF8.self))
  }

  /// A number of two's complement, little-endian; one that an `Int` does not hold is of no use.
  private func integer(_ bytes: ArraySlice<UInt8>) -> Pickle.Value {
    guard bytes.count <= 8 else { return .bystander }
    let sign: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
    return .integer(Int(Int64(bitPattern: bytes.reversed().reduce(sign) { $0 << 8 | UInt64($1) })))
  }

  private func decimal(_ digits: String) throws -> Pickle.Value {
    // Truth values of protocol 1.
    if digits == "00" || digits == "01" { return .bystander }
    guard let number = Int(digits) else { throw malformed("a number is malformed") }
    return .integer(number)
  }
}
