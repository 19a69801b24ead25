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
    let (latents, named) = try arrays(in: bytes)
    return LatentFile(
      format: .pyTorch, dialect: nil, units: .raw, entries: try named.entries(latents)
    ) { entry, units in
      try named.latent(entry, units: units)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    throw ContainerError.notWritten(format: traits.name)
  }

  /// The names of the latents, and the tensors that belong to them; a lone one has an empty name.
  private static func arrays(in bytes: [UInt8]) throws -> (latents: [String], NamedArrays) {
    do {
      return try MappedFile.reading(bytes) { mapped in
        let contents = try PyTorchFile(mapped)
        let names = contents.entries.keys.sorted()
        let latents = NamedArrays.latentNames(among: names)
        guard !latents.isEmpty else {
          throw ContainerError.refused(
            "none of its \(names.count) tensors is a latent: \(ContainerError.list(names))")
        }
        let wanted = Set(latents + latents.flatMap { LatentArrayName.flipped($0) })
        let arrays = Dictionary(
          uniqueKeysWithValues: contents.entries.filter { wanted.contains($0.key) }.map {
            name, entry in
            let array = StoredArray(
              section: name.isEmpty ? "the tensor" : "tensor `\(name.escapedForTerminal)`",
              offset: entry.byteRange.lowerBound, elementName: entry.dtype, element: entry.type,
              byteOrder: .littleEndian, isColumnMajor: false, shape: entry.shape,
              bytes: entry.elements(in: contents.file)[...])
            return (name, array)
          })
        return (latents, NamedArrays(arrays: arrays))
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
