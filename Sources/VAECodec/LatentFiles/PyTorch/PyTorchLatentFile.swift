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
    let named = NamedArrays(arrays: try arrays(in: bytes))
    let latents = named.latentNames
    guard !latents.isEmpty else {
      let names = ContainerError.list(named.arrays.keys.sorted())
      throw ContainerError.refused(
        "none of its \(named.arrays.count) tensors is a latent: \(names)")
    }
    return LatentFile(
      format: .pyTorch, dialect: nil, units: .raw, entries: try named.entries(latents)
    ) { entry, units in
      try named.latent(entry, units: units)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    throw ContainerError.notWritten(format: traits.name)
  }

  /// The tensors of a file, of which a lone one has an empty name.
  private static func arrays(in bytes: [UInt8]) throws -> [String: StoredArray] {
    do {
      return try MappedFile.reading(bytes) { mapped in
        let contents = try PyTorchFile(mapped)
        return Dictionary(
          uniqueKeysWithValues: contents.entries.map { name, entry in
            let array = StoredArray(
              section: name.isEmpty ? "the tensor" : "tensor `\(name.escapedForTerminal)`",
              offset: entry.byteRange.lowerBound, elementName: entry.dtype, element: entry.type,
              byteOrder: .littleEndian, isColumnMajor: false, shape: entry.shape,
              bytes: entry.elements(in: contents.file)[...])
            return (name, array)
          })
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
