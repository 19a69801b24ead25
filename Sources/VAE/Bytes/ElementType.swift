/// The types of number that safetensors files and NumPy arrays hold, by the names that the former have.
///
/// The table that all readers go by: what a type is, what networks compute with in its place, and whether
/// latents come in it.
///
/// - SeeAlso: huggingface/safetensors `safetensors/src/tensor.rs`, `Dtype`.
package enum ElementType: String, CaseIterable, Sendable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  /// The upper half of an F32.
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"
  case c64 = "C64"
  /// Four bits of exponent with a bias of 7, three of mantissa, no infinities.
  case e4m3 = "F8_E4M3"
  /// The upper half of an F16.
  case e5m2 = "F8_E5M2"
  case e8m0 = "F8_E8M0"
  case e4m3fnuz = "F8_E4M3FNUZ"
  case e5m2fnuz = "F8_E5M2FNUZ"
  case e2m3 = "F6_E2M3"
  case e3m2 = "F6_E3M2"
  case f4 = "F4"

  /// How the bits of a type are to be read.
  package enum Kind: Sendable {
    /// A number of IEEE 754.
    case float
    /// The upper half of one.
    case bfloat
    case signed
    case unsigned
    case bool
    case complex
    /// A float of 8 bits or fewer.
    case minifloat
  }

  /// The table. NumPy's name stands without the byte order, and only for types of arrays that are read;
  /// it has none for BF16, which ml_dtypes keeps as two bytes of anything.
  private var row: (kind: Kind, bits: Int, numpyName: String?, computed: ElementType?) {
    switch self {
    case .f64: (.float, 64, "f8", .f32)
    case .f32: (.float, 32, "f4", .f32)
    case .f16: (.float, 16, "f2", .f16)
    case .bf16: (.bfloat, 16, "V2", .bf16)
    case .i64: (.signed, 64, "i8", nil)
    case .i32: (.signed, 32, "i4", nil)
    case .i16: (.signed, 16, "i2", nil)
    case .i8: (.signed, 8, nil, nil)
    case .u64: (.unsigned, 64, nil, nil)
    case .u32: (.unsigned, 32, "u4", nil)
    case .u16: (.unsigned, 16, "u2", nil)
    case .u8: (.unsigned, 8, "u1", nil)
    case .bool: (.bool, 8, nil, nil)
    case .c64: (.complex, 64, nil, nil)
    case .e4m3, .e5m2: (.minifloat, 8, nil, .f16)
    case .e8m0, .e4m3fnuz, .e5m2fnuz: (.minifloat, 8, nil, nil)
    case .e2m3, .e3m2: (.minifloat, 6, nil, nil)
    case .f4: (.minifloat, 4, nil, nil)
    }
  }

  /// The type that NumPy calls `numpyName`, the byte order left out; nil for one that is not read.
  package init?(numpyName: some StringProtocol) {
    guard let type = Self.allCases.first(where: { $0.row.numpyName == String(numpyName) }) else {
      return nil
    }
    self = type
  }

  package var kind: Kind { row.kind }

  /// Bits of an element.
  package var bits: Int { row.bits }

  /// Bytes of an element, for types whose elements begin at whole bytes.
  package var byteCount: Int { bits / 8 }

  /// The type in which networks compute with weights of this one: itself, or what its elements are
  /// converted to as their file is opened; nil where they cannot.
  package var computed: ElementType? { row.computed }

  /// Whether latents are kept in this type: a float of 16 bits or more.
  package var holdsLatents: Bool { kind == .float || kind == .bfloat }

  /// Whether each element is one number that a `Double` holds, give or take its last bits.
  package var isReal: Bool { holdsLatents || [.signed, .unsigned, .bool].contains(kind) }
}
