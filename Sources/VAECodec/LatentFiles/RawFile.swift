/// Headerless latents: little-endian f32 `[channels, height, width]`, scaled where OnnxStream made them.
enum RawFile: LatentFileCoding {
  static let traits = LatentFileTraits(
    name: "a file of raw floats", units: .customary(.scaled), keeps: [])

  /// The file of which `extents` are channels, height and width.
  ///
  /// - Throws: `ContainerError.malformed` if the file has another size.
  static func file(of bytes: [UInt8], extents: [Int]) throws -> LatentFile {
    let array = StoredArray(
      section: "the file", offset: 0, elementName: "f32", element: .float32,
      byteOrder: .littleEndian, isColumnMajor: false, shape: extents, bytes: bytes[...])
    var byteCount = StoredArray.Element.float32.byteCount
    for extent in extents {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      byteCount = overflow ? .max : product
    }
    guard byteCount == bytes.count else {
      throw array.malformed(
        "\(bytes.count) bytes, expected \(byteCount) of floats \(extents)")
    }
    return LatentFile(
      format: .raw, dialect: nil, units: .customary(.scaled),
      entries: try LatentFile.Entry.entries(of: array, key: "")
    ) { entry, convention in
      try entry.latent(of: array, convention: convention)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    var writer = ByteWriter()
    for value in try latent.packed().values { writer.write(value) }
    return writer.bytes
  }
}
