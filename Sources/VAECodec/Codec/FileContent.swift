import VAE

/// What a file holds by its first bytes, whatever it is called.
public enum FileContent: Equatable, Sendable {
  /// A model's weights; or what people take for some, which opening it as a model refuses by what it is.
  case model
  /// A latent, in any format that has a header.
  case latent
  /// Something else, which may be a picture; in words what it looks like, where that is known.
  case other(kind: String?)

  /// What the file at `path` holds. A pipe is not read, and is something else.
  ///
  /// - Throws: `CodecError.model` if it is a file of tensors that cannot be read.
  public init(of path: String) throws {
    let name = FileSystem.lastComponent(of: path)
    // Opening a damaged one says best what is wrong with it.
    let isNamedModel = WeightFileName.isSafetensors(name) || WeightFileName.isIndex(name)
    let beginning = Self.beginning(of: path)
    let kind = FileKind(beginning, having: \.weightsName)
    if FileKind.safetensors.matches(beginning) {
      self = try Self.holdsLatents { try SafetensorsFile(path: path).entries } ? .latent : .model
    } else if PyTorchFile.recognises(beginning) {
      self =
        try Self.holdsLatents { try PyTorchFile(MappedFile(path: path)).entries } ? .latent : .model
    } else if let kind, Self.modelKinds.contains(kind) {
      self = .model
    } else if Latent.recognises(beginning) {
      self = .latent
    } else {
      self = isNamedModel ? .model : .other(kind: kind?.weightsName)
    }
  }

  /// Kinds of files that are models, or are taken for some, and nothing else.
  private static let modelKinds: Set<FileKind> = [
    .zip, .pickle, .gguf, .lfsPointer, .onnx, .coreML, .tflite, .openVINO, .sqlite, .msgpack,
    .tensorRT,
  ]

  /// Whether a file's tensors are latents and not a model's weights.
  private static func holdsLatents(
    _ tensors: () throws -> [String: WeightsFile.Entry]
  ) throws -> Bool {
    try CodecError.wrapping { TensorFile.areLatents(try tensors()) }
  }

  private static func beginning(of path: String) -> [UInt8] {
    guard FileSystem.isRegular(path), let file = try? MappedFile(path: path) else { return [] }
    return file.bytes(in: 0..<min(file.byteCount, FileKind.prefixByteCount))
  }
}
