import VAE

/// The types of numbers that MDS knows, by the names and the codes that it has for them.
///
/// - SeeAlso: mosaicml/streaming `base/format/mds/encodings.py`, `NDArray`.
extension ElementType {
  private static let codes: [(type: ElementType, name: String, code: UInt8)] = [
    (.u8, "uint8", 8), (.i8, "int8", 9), (.u16, "uint16", 16), (.i16, "int16", 17),
    (.f16, "float16", 18), (.u32, "uint32", 32), (.i32, "int32", 33), (.f32, "float32", 34),
    (.u64, "uint64", 64), (.i64, "int64", 65), (.f64, "float64", 66),
  ]

  /// The type that MDS calls `name`; nil for none.
  init?(mdsName name: some StringProtocol) {
    guard let row = Self.codes.first(where: { $0.name == name }) else { return nil }
    self = row.type
  }

  /// The type of a code that stands before an array; nil for none.
  init?(mdsCode code: UInt8) {
    guard let row = Self.codes.first(where: { $0.code == code }) else { return nil }
    self = row.type
  }

  /// The code that stands before an array of the type; nil for a type that MDS does not know.
  var mdsCode: UInt8? { Self.codes.first { $0.type == self }?.code }

  /// What MDS calls the type; nil for one that it does not know.
  var mdsName: String? { Self.codes.first { $0.type == self }?.name }
}
