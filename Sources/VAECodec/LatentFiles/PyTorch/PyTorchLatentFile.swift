import VAE

/// Latents that `torch.save` wrote (.pt), gzipped or not, as training caches have them: a tensor, or a
/// dictionary with one of the usual names. They are read only.
///
/// The format says nothing of units, size or space.
enum PyTorchLatentFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "pt", name: "PyTorch's .pt", fileExtension: "pt", isMeantByExtension: false,
    isWritten: false, units: .customary(.raw), keeps: [])

  static func recognises(_ beginning: [UInt8]) -> Bool { PyTorchFile.recognises(beginning) }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among _: [LatentFileFormat]
  ) throws -> LatentFile {
    let (key, array) = try latent(in: bytes)
    return LatentFile(
      format: .pyTorch, dialect: nil, units: .raw,
      entries: try LatentFile.Entry.entries(of: array, key: key)
    ) { entry, units in
      try entry.latent(entry.values(of: array), units: units)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    throw ContainerError.notWritten(format: traits.name)
  }

  /// The tensor that is the file's latent, or its latents, and its name, which is empty where there is
  /// nothing else.
  private static func latent(in bytes: [UInt8]) throws -> (key: String, array: StoredArray) {
    do {
      return try MappedFile.reading(bytes) { mapped in
        let contents = try PyTorchFile(mapped)
        guard let key = TensorFile.latentName(among: contents.entries.keys),
          let entry = contents.entries[key]
        else {
          let names = ContainerError.list(contents.entries.keys.sorted())
          throw ContainerError.refused(
            "none of its \(contents.entries.count) tensors is a latent: \(names)")
        }
        let array = StoredArray(
          section: key.isEmpty ? "the tensor" : "tensor `\(key.escapedForTerminal)`",
          offset: entry.byteRange.lowerBound, elementName: entry.dtype, element: entry.type,
          byteOrder: .littleEndian, isColumnMajor: false, shape: entry.shape,
          bytes: entry.elements(in: contents.file)[...])
        return (key, array)
      }
    } catch let error as PyTorchError {
      throw ContainerError.refused(error.reason(saving: saving(error)))
    }
  }

  /// The call of Python that writes what `error` is about as a file that is read.
  private static func saving(_ error: PyTorchError) -> String {
    switch error {
    case .refused(_, _, let loader) where loader.isOfNumPy: #"numpy.save("FILE.npy", w)"#
    default: #"safetensors.torch.save_file({"latents": w}, "FILE.safetensors")"#
    }
  }
}
