/// How pictures are written to files.
public struct PictureWriting: Sendable, Equatable {
  /// A format of pictures, by the extension of its files.
  public enum Format: String, Sendable, CaseIterable {
    /// PNG loses nothing; JPEG is smaller.
    case png, jpg
  }

  /// libjpeg's quality of JPEG files unless asked for another.
  public static let usualJPEGQuality = 95

  /// The format; nil for the one that an output's name asks for.
  public var format: Format?
  /// libjpeg's scale, 1...100.
  public var jpegQuality: Int

  /// A writing; what is left out is as usual.
  public init(format: Format? = nil, jpegQuality: Int = PictureWriting.usualJPEGQuality) {
    self.format = format
    self.jpegQuality = jpegQuality
  }

  /// The format of the file at `output`: PNG on standard output, unless `format` says otherwise.
  ///
  /// - Throws: `BatchError.unknownFormat`.
  public func format(of output: String) throws -> Format {
    if let format { return format }
    guard output != "-" else { return .png }
    switch FileName(output).fileExtension {
    case "png": return .png
    case "jpg", "jpeg": return .jpg
    default: throw BatchError.unknownFormat(output: output)
    }
  }

  /// Writes `image`; JPEG has no alpha, there it is laid over `matte`.
  ///
  /// - Parameter output: the path, "-" for standard output; nil to write nothing.
  /// - Returns: the bytes of the file, 0 where nothing is written.
  /// - Throws: `BatchError.unknownFormat`, `FileError` and `ImageFileError`.
  @discardableResult
  package func write(
    _ image: Image, matte: Matte = .white, to output: String?, replacing: Bool
  ) throws -> Int {
    try write(image, matte: matte, to: output, replacing: replacing, ImmediateOutput())
  }

  /// The bytes of a file of `image`; JPEG has no alpha, there it is laid over `matte`.
  ///
  /// - Throws: `ImageFileError`.
  func bytes(of image: Image, matte: Matte, as format: Format) throws -> [UInt8] {
    switch format {
    case .png: try image.pngData()
    case .jpg: try image.flattened(over: matte).jpegData(quality: jpegQuality)
    }
  }

  /// Writes `image` as `write(_:matte:to:replacing:)` does, to where `sink` puts it.
  func write(
    _ image: Image, matte: Matte = .white, to output: String?, replacing: Bool,
    _ sink: any OutputSink
  ) throws -> Int {
    guard let output else { return 0 }
    let bytes = try bytes(of: image, matte: matte, as: format(of: output))
    try sink.write(bytes, to: output, replacing: replacing)
    return bytes.count
  }
}
