/// What can be wrong with a picture file, or with a picture for a kind of file.
///
/// The descriptions do not name the file, which only the caller knows.
public enum ImageFileError: Error, Equatable, Sendable {
  /// The kinds of file that are read and written.
  public enum Format: String, Equatable, Sendable {
    /// Portable Network Graphics.
    case png = "PNG"
    /// The format of ITU-T T.81.
    case jpeg = "JPEG"
  }

  /// The file has no bytes.
  case empty
  /// The file is of a known kind that is not read; a program may convert it.
  case unsupportedFormat(name: String, converter: PictureConverter?)
  /// The file is of no known kind and begins with these bytes, eight at most.
  case unrecognizedFormat(firstBytes: [UInt8])
  /// The picture has more pixels than the caller allows.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// The file is too short, by the best compression its format has, for the size it claims.
  case implausibleSize(Format, width: Int, height: Int, byteCount: Int, leastByteCount: Int)
  /// The file ends at `byteCount`, before its picture does.
  case truncated(Format, byteCount: Int)
  /// The library gave up when it had read `offset` bytes, with `message`.
  case corrupt(Format, offset: Int, message: String)
  /// The file uses a feature of its format that the library, which says `message`, does not read.
  case unsupportedVariant(Format, message: String)
  /// The JPEG has more scans than any real picture.
  case tooManyScans(limit: Int)
  /// The library could not read or write for want of memory or by its own limits.
  case failed(Format, message: String)
  /// JPEG has no alpha plane; the picture has one.
  case alphaInJPEG
}

extension ImageFileError: CustomStringConvertible {
  /// What was found and what was expected, on one line.
  public var description: String {
    switch self {
    case .empty:
      "the file is empty, expected a PNG or JPEG picture"
    case .unsupportedFormat(let name, _):
      "the file is \(name), expected a PNG or JPEG picture"
    case .unrecognizedFormat(let firstBytes):
      "the file begins with \(Self.hexadecimal(firstBytes)), expected a PNG or JPEG picture"
    case .tooManyPixels(let width, let height, let limit):
      "the picture has \(width)x\(height) pixels, expected \(limit) pixels at most"
    case .implausibleSize(let format, let width, let height, let byteCount, let leastByteCount):
      "the \(format.rawValue) file has \(byteCount) bytes, expected \(leastByteCount) at least "
        + "for \(width)x\(height) pixels"
    case .truncated(let format, let byteCount):
      "the \(format.rawValue) file ends at byte \(byteCount), before its picture does"
    case .corrupt(let format, let offset, let message):
      "the \(format.rawValue) file is corrupt before byte \(offset): \(message)"
    case .unsupportedVariant(let format, let message):
      "the \(format.rawValue) file is of a kind that is not read: \(message)"
    case .tooManyScans(let limit):
      "the JPEG file has more scans than \(limit), the most that are read"
    case .failed(let format, let message):
      "the \(format.rawValue) library failed: \(message)"
    case .alphaInJPEG:
      "the picture has an alpha plane, which JPEG cannot hold"
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let words = bytes.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "bytes " + words.joined(separator: " ")
  }
}
