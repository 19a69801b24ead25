/// The names that a pickle may ask for: all that dictionaries of plain tensors consist of. Nothing is
/// looked up by such a name but this list, and nothing is imported or called.
///
/// - SeeAlso: PyTorch `torch/_weights_only_unpickler.py`, `_get_allowed_globals`, whose list is longer.
enum PickleGlobal: Sendable, Equatable {
  case orderedDictionary
  /// What makes a tensor of a storage of its own type.
  case tensor
  /// What makes a tensor of a type that it says.
  case typedTensor
  case parameter
  /// A class of storages; nil for bytes of no type.
  case storage(ElementType?)
  case type(ElementType)
  /// What makes something that no tensor is made of, such as a size or a device.
  case bystander

  /// The global `name` of `module`; nil for one that is not on the list.
  init?(module: String, name: String) {
    guard let global = Self.table["\(module).\(name)"] else { return nil }
    self = global
  }

  private static let table: [String: PickleGlobal] = {
    var table: [String: PickleGlobal] = [
      "collections.OrderedDict": .orderedDictionary,
      "torch._utils._rebuild_tensor_v2": .tensor,
      "torch._utils._rebuild_tensor_v3": .typedTensor,
      "torch._utils._rebuild_parameter": .parameter,
      "torch.storage.UntypedStorage": .storage(nil), "torch.UntypedStorage": .storage(nil),
      "torch.Size": .bystander, "torch.device": .bystander, "_codecs.encode": .bystander,
      "builtins.set": .bystander, "__builtin__.set": .bystander,
    ]
    for (name, type) in storages { table["torch.\(name)Storage"] = .storage(type) }
    for (name, type) in types { table["torch.\(name)"] = .type(type) }
    return table
  }()

  private static let storages: [(String, ElementType)] = [
    ("Double", .f64), ("Float", .f32), ("Half", .f16), ("BFloat16", .bf16), ("Long", .i64),
    ("Int", .i32), ("Short", .i16), ("Char", .i8), ("Byte", .u8), ("Bool", .bool),
    ("ComplexFloat", .c64),
  ]

  private static let types: [(String, ElementType)] = [
    ("float64", .f64), ("float32", .f32), ("float16", .f16), ("bfloat16", .bf16), ("int64", .i64),
    ("int32", .i32), ("int16", .i16), ("int8", .i8), ("uint64", .u64), ("uint32", .u32),
    ("uint16", .u16), ("uint8", .u8), ("bool", .bool), ("complex64", .c64),
    ("float8_e4m3fn", .e4m3), ("float8_e5m2", .e5m2), ("float8_e8m0fnu", .e8m0),
    ("float8_e4m3fnuz", .e4m3fnuz), ("float8_e5m2fnuz", .e5m2fnuz),
  ]
}
