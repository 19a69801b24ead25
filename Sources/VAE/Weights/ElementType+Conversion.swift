/// Elements that no network computes with, converted as their file is opened: all of F8 fits F16
/// exactly, F64 is rounded to F32. Elements in another order than row-major are put in that.
extension ElementType {
  /// The elements of `entry`, which is of this type, as networks compute with them; nil where they are
  /// in `file` as such, or never are.
  func converted(_ entry: WeightsFile.Entry, in file: MappedFile) -> MappedFile? {
    guard let computed, computed != self || entry.strides != nil else { return nil }
    let bytes = entry.elements(in: file)
    switch self {
    case .f64:
      return MappedFile(
        name: file.path,
        elements: stride(from: 0, to: bytes.count, by: 8).map { offset in
          let bits = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * $1) }
          return Float(Double(bitPattern: bits)).bitPattern
        })
    case .e4m3:
      let table = (0...UInt8.max).map(Self.half)
      return MappedFile(name: file.path, elements: bytes.map { table[Int($0)] })
    case .e5m2:
      return MappedFile(name: file.path, elements: bytes.map { UInt16($0) << 8 })
    default: return MappedFile(name: file.path, elements: bytes)
    }
  }

  /// An E4M3 number as the bits of an F16.
  ///
  /// - SeeAlso: Micikevicius and others, FP8 Formats for Deep Learning, 2022, table 1.
  private static func half(_ bits: UInt8) -> UInt16 {
    let (sign, exponent, mantissa) = (UInt16(bits & 0x80) << 8, bits >> 3 & 0xF, bits & 7)
    if bits & 0x7F == 0x7F { return sign | 0x7E00 }
    let magnitude =
      exponent == 0
      ? Float16(mantissa) * 0x1p-9
      : Float16(sign: .plus, exponent: Int(exponent) - 10, significand: Float16(8 + mantissa))
    return sign | magnitude.bitPattern
  }
}
