import VAE

/// The floats of a file without a header.
public enum RawPrecision: String, Sendable, CaseIterable {
  /// Floats of IEEE 754 with 32 or 16 bits, or the upper 16 bits of those with 32.
  case f32, f16, bf16

  var element: ElementType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    }
  }
}

/// Headerless latents: little-endian f32 `[channels, height, width]`, scaled where OnnxStream made them;
/// floats of 16 bits are read too.
enum RawFile: LatentFileCoding {
  static let traits = LatentFileTraits(
    identifier: "raw", name: "a file of raw floats", fileExtension: "raw",
    isMeantByExtension: false, units: .customary(.scaled), keeps: [])

  /// The file of which `extents` are channels, height and width.
  ///
  /// - Throws: `ContainerError.malformed` if the file has another size.
  static func file(
    of bytes: [UInt8], extents: [Int], precision: RawPrecision?
  ) throws -> LatentFile {
    let element = (precision ?? .f32).element
    let array = StoredArray(
      section: "the file", offset: 0, elementName: element.rawValue.lowercased(), element: element,
      byteOrder: .littleEndian, isColumnMajor: false, shape: extents, bytes: bytes[...])
    let byteCount = Int(product: [element.byteCount] + extents) ?? .max
    guard byteCount == bytes.count else {
      throw precision == nil && bytes.count == byteCount / 2
        ? ContainerError.unsettledPrecision
        : array.malformed("\(bytes.count) bytes, expected \(byteCount) of floats \(extents)")
    }
    return LatentFile(
      format: .raw, dialect: nil, units: .scaled,
      entries: try LatentFile.Entry.entries(of: array, key: "")
    ) { entry, units in
      try entry.latent(entry.values(of: array), units: units)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    var writer = ByteWriter()
    for value in try latent.packed().values { writer.write(value) }
    return writer.bytes
  }
}
