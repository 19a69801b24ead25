import CImageIO
import VAE

/// PNG through libpng: what the C calls are given and what becomes of what they give.
extension ImageFile {
  /// The picture in a PNG file, without its EXIF orientation applied.
  ///
  /// - Throws: `ImageFileError`.
  static func decodePNG(_ bytes: [UInt8], maximumPixelCount: Int) throws -> Image {
    let header = try readPNGHeader(bytes)
    let width = Int(header.width)
    let height = Int(header.height)
    let pixelCount = try checkedPixelCount(
      .png, width: width, height: height, limit: maximumPixelCount, byteCount: bytes.count
    ) { $0 * Int(header.stored_bits_per_pixel) / 8 / Deflate.maximumRatio }
    var profile = [UInt8](repeating: 0, count: header.icc_byte_count)
    let sampleCount = pixelCount * Int(header.channels)
    let samples: Image.Samples =
      if header.bit_depth == 16 {
        .bits16(try readPNGSamples(bytes, header, count: sampleCount, profile: &profile))
      } else {
        .bits8(try readPNGSamples(bytes, header, count: sampleCount, profile: &profile))
      }
    let planes = header.channels == 4 ? samples.separatingAlpha() : (samples, nil)
    return Image(
      width: width, height: height, color: planes.0, alpha: planes.1,
      profile: ColorProfile(icc: profile))
  }

  /// What a PNG file says before its samples.
  ///
  /// - Throws: `ImageFileError`.
  static func readPNGHeader(_ bytes: [UInt8]) throws -> vci_png_header {
    var header = vci_png_header()
    var failure = vci_failure()
    let status = unsafe bytes.withUnsafeBufferPointer {
      unsafe vci_png_read_header($0.baseAddress, $0.count, &header, &failure)
    }
    try check(status, failure, .png, byteCount: bytes.count)
    return header
  }

  private static func readPNGSamples<Sample: FixedWidthInteger & UnsignedInteger>(
    _ bytes: [UInt8], _ header: vci_png_header, count: Int, profile: inout [UInt8]
  ) throws -> [Sample] {
    precondition(
      Sample.bitWidth == Int(header.bit_depth),
      "\(Sample.bitWidth)-bit samples asked for where the file has \(header.bit_depth)")
    var failure = vci_failure()
    return try unsafe [Sample](unsafeUninitializedCapacity: count) { samples, initializedCount in
      let status = unsafe bytes.withUnsafeBufferPointer { file in
        var header = header
        return unsafe profile.withUnsafeMutableBufferPointer { profile in
          unsafe vci_png_read_samples(
            file.baseAddress, file.count, &header, samples.baseAddress, profile.baseAddress,
            &failure)
        }
      }
      try check(status, failure, .png, byteCount: bytes.count)
      initializedCount = count
    }
  }

  /// A PNG file of `image`, with its profile if that is one of RGB.
  ///
  /// - Throws: `ImageFileError.failed`.
  static func encodePNG(_ image: Image) throws -> [UInt8] {
    let samples = image.alpha.map { image.color.interleaved(withAlpha: $0) } ?? image.color
    let profile = image.rgbProfileBytes
    return try unsafe profile.withUnsafeBufferPointer { profile in
      try unsafe samples.withUnsafeBytes { samples in
        var picture = unsafe vci_png_picture(
          width: UInt32(clamping: image.width), height: UInt32(clamping: image.height),
          channels: image.alpha == nil ? 3 : 4, bit_depth: UInt32(image.color.bitDepth),
          samples: samples.baseAddress, icc_profile: profile.baseAddress,
          icc_byte_count: profile.count)
        return try unsafe collect(.png) { context, failure in
          unsafe vci_png_write(&picture, appendToBytes, context, &failure)
        }
      }
    }
  }
}

extension Image.Samples {
  /// Calls `body` with the memory of the samples, which lives as long as the call.
  fileprivate func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    switch self {
    case .bits8(let values): try unsafe values.withUnsafeBytes(body)
    case .bits16(let values): try unsafe values.withUnsafeBytes(body)
    }
  }
}
