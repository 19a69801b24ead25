import VAE

/// Latents as NumPy arrays (.npy).
///
/// - SeeAlso: NumPy `numpy/lib/format.py`, which specifies the format.
enum NumpyFile {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// Whether `bytes` begin as an .npy file does.
  static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// An f32 array `[1, channels, height, width]` of `values`.
  static func bytes(of values: [Float], channels: Int, height: Int, width: Int) -> [UInt8] {
    var header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, \(channels), \(height), \(width)), }"
    // Ten bytes stand before the header, a line end closes it, and the data begin at a multiple of 64.
    header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
    var writer = ByteWriter()
    writer.write(magic + [1, 0])
    writer.write(UInt16(header.utf8.count))
    writer.write(header.utf8)
    for value in values { writer.write(value) }
    return writer.bytes
  }

  /// The latent in `bytes`, an array `[1, channels, height, width]` or `[channels, height, width]` of
  /// f2, f4 or f8 in either byte order and either storage order.
  ///
  /// - Parameter convention: the units of the values, which the format does not say.
  /// - Throws: `ContainerError`.
  static func latent(in bytes: [UInt8], convention: Latent.Convention) throws -> Latent {
    do {
      let header = try NumpyHeader(bytes, magicCount: magic.count)
      let extents = try header.latentExtents()
      let values = try header.values(in: bytes)
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw ContainerError.nonFinite(index: index)
      }
      return Latent(
        channels: extents[0], height: extents[1], width: extents[2], values: values,
        convention: convention)
    } catch let error as ByteReader.EndOfData {
      throw ContainerError(error)
    }
  }
}
