import VAE

/// Latents as NumPy arrays (.npy), f32 `[1, channels, height, width]`, and NumPy arrays as such. Moments
/// have twice the channels: the means, then the log-variances, as an encoder of diffusers gives them.
///
/// The format says nothing of units, size or space.
///
/// - SeeAlso: NumPy `numpy/lib/_format_impl.py`, which specifies the format.
enum NumpyFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "npy", name: ".npy", fileExtension: "npy", units: .customary(.raw),
    holdsMoments: true, keeps: [])

  /// The first bytes of a file.
  static let magic = FileKind.numpy.signature

  static func recognises(_ beginning: [UInt8]) -> Bool { FileKind.numpy.matches(beginning) }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among _: [LatentFileFormat]
  ) throws -> LatentFile {
    let array = try array(in: bytes, section: "NumPy header")
    return LatentFile(
      format: .npy, dialect: nil, units: .raw,
      entries: try LatentFile.Entry.entries(of: array, key: "")
    ) { entry, units in
      try entry.latent(entry.values(of: array), units: units)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    let array = try latent.packed()
    let (values, channels) = array.joinedMoments
    return bytes(of: values, shape: [1, channels, array.height, array.width])
  }

  /// The array in `bytes`, the whole of a file or a member.
  ///
  /// - Parameter section: what errors call it.
  /// - Throws: `ContainerError`.
  static func array(in bytes: [UInt8], section: String) throws -> StoredArray {
    do {
      let header = try NumpyHeader(bytes, section: section)
      let available = bytes.count - header.dataOffset
      guard header.dataByteCount == available else {
        throw ContainerError.malformed(
          section: section, offset: header.dataOffset,
          reason: "\(available) bytes of values do not fit the shape \(header.shape.prefix(8))")
      }
      return StoredArray(
        section: section, offset: 0, elementName: header.elementName, element: header.element,
        byteOrder: header.byteOrder, isColumnMajor: header.isColumnMajor, shape: header.shape,
        bytes: bytes[header.dataOffset...])
    } catch let error as ByteReader.EndOfData {
      throw ContainerError(error)
    }
  }

  /// An f32 array of `values`.
  static func bytes(of values: [Float], shape: [Int]) -> [UInt8] {
    bytes("<f4", shape) { writer in for value in values { writer.write(value) } }
  }

  /// An f64 array of one axis.
  static func bytes(of values: [Double]) -> [UInt8] {
    bytes("<f8", [values.count]) { writer in
      for value in values { writer.write(value.bitPattern) }
    }
  }

  /// An i64 array of one axis.
  static func bytes(of values: [Int]) -> [UInt8] {
    bytes("<i8", [values.count]) { writer in
      for value in values { writer.write(Int64(value)) }
    }
  }

  private static func bytes(
    _ type: String, _ shape: [Int], _ writeData: (inout ByteWriter) -> Void
  ) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // NumPy leaves room for the first extent to grow to 20 digits.
    header += String(repeating: " ", count: max(0, 21 - (shape.first.map { "\($0)".count } ?? 21)))
    // Ten bytes stand before the header, a line end closes it, and the data begin at a multiple of 64:
    // the next one, as NumPy has it, even where this one is.
    header += String(repeating: " ", count: 64 - (10 + header.utf8.count + 1) % 64) + "\n"
    var writer = ByteWriter()
    writer.write(magic + [1, 0])
    writer.write(UInt16(header.utf8.count))
    writer.write(header.utf8)
    writeData(&writer)
    return writer.bytes
  }
}
