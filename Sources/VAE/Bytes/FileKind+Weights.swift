/// What messages call files that stand where a model's file was expected.
extension FileKind {
  /// What messages call the file at `path` where a model's file was expected; nil if it is nothing that
  /// is taken for weights, or cannot be read.
  package static func weightsName(ofFileAt path: String) -> String? {
    // Core ML's are folders.
    if FileSystem.isFolder(path) { return FileKind(ending: path)?.weightsName }
    guard let file = try? MappedFile(path: path) else { return nil }
    let beginning = file.bytes(in: 0..<min(file.byteCount, prefixByteCount))
    return weightsName(of: beginning, named: path)
  }

  /// What messages call a file that begins with `beginning`, and of which `name` is all that is known
  /// besides.
  package static func weightsName(of beginning: [UInt8], named name: String) -> String? {
    let shown = FileKind(beginning, having: \.weightsName)
    // The first bytes of a ZIP archive show little of what is in it.
    let named = shown == nil || shown == .zip ? FileKind(ending: name) : nil
    return (named ?? shown)?.weightsName
  }

  /// Ends of names of models whose first bytes may show nothing.
  private static let endings: [(FileKind, [String])] = [
    (.arrays, [".npz"]), (.onnx, [".onnx"]), (.tflite, [".tflite"]),
    (.coreML, [".mlmodel", ".mlpackage", ".mlmodelc"]),
    (.openVINO, ["openvino_model.bin"]), (.msgpack, [".msgpack"]), (.hdf5, [".h5", ".hdf5"]),
    (.tensorRT, [".engine", ".plan", ".trt"]),
  ]

  /// Whether a name is that of a model of another program.
  package static func isForeignModel(_ name: String) -> Bool {
    FileKind(ending: name) != nil || name.hasSuffix(".gguf") || name.hasSuffix(".xml")
  }

  private init?(ending name: String) {
    let kind = Self.endings.first { $0.1.contains { name.lowercased().hasSuffix($0) } }
    guard let kind else { return nil }
    self = kind.0
  }
}
