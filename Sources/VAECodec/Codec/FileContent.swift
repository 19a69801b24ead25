import VAE

/// What a file holds by its first bytes, whatever it is called.
public enum FileContent: Equatable, Sendable {
  /// A model's weights; or what people take for some, such as a pickle, which opening it as a model
  /// refuses by what it is.
  case model
  /// A latent, in any format that has a header.
  case latent
  /// Something else, which may be a picture; in words what it looks like, where that is known.
  case other(kind: String?)

  /// What the file at `path` holds. A pipe is not read, and is something else.
  ///
  /// - Throws: `CodecError.model` if it is a safetensors file that cannot be read.
  public init(of path: String) throws {
    let name = FileSystem.lastComponent(of: path)
    // Opening a damaged one says best what is wrong with it.
    let isNamedModel = WeightFileName.isSafetensors(name) || WeightFileName.isIndex(name)
    let beginning = Self.beginning(of: path)
    let kind = FileKind(beginning, having: \.weightsName)
    if FileKind.safetensors.matches(beginning) {
      self = try Self.holdsLatents(path) ? .latent : .model
    } else if let kind, Self.modelKinds.contains(kind), !Self.isArrays(beginning) {
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

  /// Whether the safetensors file at `path` holds latents and not a model's weights.
  private static func holdsLatents(_ path: String) throws -> Bool {
    try CodecError.wrapping { TensorFile.areLatents(try SafetensorsFile(path: path).entries) }
  }

  private static func beginning(of path: String) -> [UInt8] {
    guard FileSystem.isRegular(path), let file = try? MappedFile(path: path) else { return [] }
    return file.bytes(in: 0..<min(file.byteCount, firstByteCount))
  }

  /// Bytes that hold the name of the first file of a ZIP archive: 30 of its header come before that.
  private static let firstByteCount = 512

  /// Whether a ZIP archive that begins with `beginning` is one of NumPy's arrays: the file that PyTorch
  /// puts first in its archives is called otherwise.
  ///
  /// - SeeAlso: PKWARE's APPNOTE.TXT, 4.3.7, for the local file header.
  private static func isArrays(_ beginning: [UInt8]) -> Bool {
    guard ZipArchive.recognises(beginning), beginning.count > 30 else { return false }
    let nameByteCount = Int(beginning[26]) | Int(beginning[27]) << 8
    return beginning[30...].prefix(nameByteCount).suffix(4).elementsEqual(".npy".utf8)
  }
}
