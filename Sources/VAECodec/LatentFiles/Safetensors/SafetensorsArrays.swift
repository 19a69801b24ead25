import VAE

/// The tensors and the metadata of a safetensors file that is in memory, read by the strict reader of
/// model files.
struct SafetensorsArrays: Sendable {
  /// The tensors by name.
  let arrays: [String: StoredArray]
  /// The strings of `__metadata__`.
  let metadata: [String: String]

  /// The tensors in `bytes`.
  ///
  /// - Throws: `ContainerError.malformed`.
  init(_ bytes: [UInt8]) throws {
    let file: SafetensorsFile
    do {
      // What is kept of the file are ranges.
      file = try MappedFile.reading(bytes) { try SafetensorsFile($0) }
    } catch let error as WeightsError {
      throw ContainerError(error)
    }
    metadata = file.metadata
    arrays = Dictionary(
      uniqueKeysWithValues: file.entries.map { name, entry in
        let array = StoredArray(
          section: "tensor `\(name.escapedForTerminal)`", offset: entry.byteRange.lowerBound,
          elementName: entry.dtype, element: entry.type, byteOrder: .littleEndian,
          isColumnMajor: false, shape: entry.shape, bytes: bytes[entry.byteRange])
        return (name, array)
      })
  }
}

extension ContainerError {
  /// What is wrong with a safetensors file, without the path that whoever reports it knows.
  fileprivate init(_ error: WeightsError) {
    switch error {
    case .notSafetensors(_, let found):
      self = .malformed(section: "safetensors file", offset: 0, reason: found)
    case .malformedHeader(_, let reason):
      self = .malformed(section: "safetensors header", offset: 8, reason: reason)
    case .malformedTensor(_, let name, let reason):
      self = .malformed(
        section: "tensor `\(name.escapedForTerminal)`", offset: 8, reason: reason)
    default:
      self = .malformed(section: "safetensors file", offset: 0, reason: error.description)
    }
  }
}
