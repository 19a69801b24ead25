import VAE

/// Headerless latents: little-endian f32 `[channels, height, width]`, scaled where OnnxStream made them.
enum RawFile: LatentFileCoding {
  static let traits = LatentFileTraits(
    identifier: "raw", name: "a file of raw floats", fileExtension: "raw",
    isMeantByExtension: false, units: .customary(.scaled), keeps: [])

  /// The file of which `extents` are channels, height and width.
  ///
  /// - Throws: `ContainerError.malformed` if the file has another size.
  static func file(of bytes: [UInt8], extents: [Int]) throws -> LatentFile {
    let array = StoredArray(
      section: "the file", offset: 0, elementName: "f32", element: .f32,
      byteOrder: .littleEndian, isColumnMajor: false, shape: extents, bytes: bytes[...])
    let byteCount = Int(product: [ElementType.f32.byteCount] + extents) ?? .max
    guard byteCount == bytes.count else {
      throw array.malformed(
        "\(bytes.count) bytes, expected \(byteCount) of floats \(extents)")
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
