import CImageIO

/// JPEG through libjpeg: what the C calls are given and what becomes of what they give.
extension ImageFile {
  /// The most scans that are read. Encoders write about ten; each costs a walk over the picture,
  /// however few bytes it has, so that thousands in a small file would keep the reader for minutes.
  static let scanLimit = 100

  /// The picture in a JPEG file, without its EXIF orientation applied.
  ///
  /// - Throws: `ImageFileError`.
  static func decodeJPEG(_ bytes: [UInt8], maximumPixelCount: Int) throws -> Image {
    let header = try readJPEGHeader(bytes)
    let width = Int(header.width)
    let height = Int(header.height)
    let pixelCount = try checkedPixelCount(
      .jpeg, width: width, height: height, limit: maximumPixelCount, byteCount: bytes.count
    ) { _ in header.least_byte_count }
    var samples = try readJPEGSamples(bytes, header, count: pixelCount * Int(header.channels))
    if header.channels == 4 {
      samples = rgb(fromCMYK: samples, isInverted: header.is_inverted != 0)
    }
    return Image(
      width: width, height: height, color: .bits8(samples),
      profile: ColorProfile(icc: JPEGSegments(of: bytes).iccProfile))
  }

  /// What a JPEG file says before its samples.
  ///
  /// - Throws: `ImageFileError`.
  static func readJPEGHeader(_ bytes: [UInt8]) throws -> vci_jpeg_header {
    var header = vci_jpeg_header()
    var failure = vci_failure()
    let status = unsafe bytes.withUnsafeBufferPointer {
      unsafe vci_jpeg_read_header($0.baseAddress, $0.count, &header, &failure)
    }
    try check(status, failure, .jpeg, byteCount: bytes.count)
    return header
  }

  private static func readJPEGSamples(
    _ bytes: [UInt8], _ header: vci_jpeg_header, count: Int
  ) throws -> [UInt8] {
    var failure = vci_failure()
    return try unsafe [UInt8](unsafeUninitializedCapacity: count) { samples, initializedCount in
      let status = unsafe bytes.withUnsafeBufferPointer { file in
        var header = header
        return unsafe vci_jpeg_read_samples(
          file.baseAddress, file.count, &header, Int32(scanLimit), samples.baseAddress, &failure)
      }
      try check(status, failure, .jpeg, byteCount: bytes.count)
      initializedCount = count
    }
  }

  /// RGB samples `[pixels, 3]` of CMYK samples `[pixels, 4]`, with inks that multiply.
  ///
  /// The profile, if the file has one, is not applied: printers' profiles are tables of a megabyte,
  /// and what they would correct is less than what the codec loses.
  static func rgb(fromCMYK samples: [UInt8], isInverted: Bool) -> [UInt8] {
    let mask: UInt8 = isInverted ? 0 : 255
    let pixelCount = samples.count / 4
    return [UInt8](capacity: pixelCount * 3) { output in
      for pixel in 0..<pixelCount {
        let paper = Int(samples[4 * pixel + 3] ^ mask)
        for channel in 0..<3 {
          let product = Int(samples[4 * pixel + channel] ^ mask) * paper
          output.append(UInt8((2 * product + 255) / 510))
        }
      }
    }
  }

  /// A JPEG file of `samples` `[height, width, 3]`.
  ///
  /// Chroma is kept at full size from quality 90 up, where its loss would be the largest that is
  /// left, and halved in both directions below.
  ///
  /// - Throws: `ImageFileError.failed`.
  static func encodeJPEG(
    _ samples: [UInt8], width: Int, height: Int, profile: [UInt8], quality: Int
  ) throws -> [UInt8] {
    try unsafe samples.withUnsafeBufferPointer { samples in
      try unsafe profile.withUnsafeBufferPointer { profile in
        var picture = unsafe vci_jpeg_picture(
          width: UInt32(clamping: width), height: UInt32(clamping: height),
          samples: samples.baseAddress, icc_profile: profile.baseAddress,
          icc_byte_count: profile.count, quality: Int32(quality),
          chroma_step: quality >= 90 ? 1 : 2)
        return try unsafe collect(.jpeg) { context, failure in
          unsafe vci_jpeg_write(&picture, appendToBytes, context, &failure)
        }
      }
    }
  }
}
