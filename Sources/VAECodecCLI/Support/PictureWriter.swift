import VAECodec

/// Writes pictures in the format that an option or the output's name asks for.
struct PictureWriter {
  /// The formats.
  enum Format: String, CaseIterable {
    case png, jpg
  }

  /// The format whatever the output is called; nil to go by the name.
  let format: Format?
  /// Quality of JPEG output, 1...100, where it was given.
  let jpegQuality: Int?

  private static let usualQuality = 95

  /// Checks that the format of `output` is known, and that there is a quality for JPEG alone.
  ///
  /// - Throws: `UsageError`.
  func check(_ output: String) throws {
    let format = resolvedFormat(output)
    guard jpegQuality == nil || format != .png else {
      throw UsageError.conflict(CommonOptions.jpegQuality.spelling, "PNG, which loses nothing")
    }
    guard format != nil else {
      throw UsageError.invalidValue(
        option: CommonOptions.output.spelling, found: output,
        expected: .form("a name that ends in .png or .jpg"))
    }
  }

  /// Writes `image`; JPEG has no alpha, there it is laid over `matte`.
  ///
  /// - Throws: `FileError` and `ImageFileError`.
  func write(_ image: Image, matte: Matte, to output: String, replacing: Bool) throws {
    let bytes =
      switch resolvedFormat(output) ?? .png {
      case .png: try image.pngData()
      case .jpg:
        try image.flattened(over: matte).jpegData(
          quality: jpegQuality ?? Self.usualQuality)
      }
    try OutputFile.write(bytes, to: output, replacing: replacing)
  }

  private func resolvedFormat(_ output: String) -> Format? {
    if let format { return format }
    guard output != "-" else { return .png }
    switch FileName(output).fileExtension {
    case "png": return .png
    case "jpg", "jpeg": return .jpg
    default: return nil
    }
  }
}

extension Report {
  /// A report of what became of `item`.
  init(_ item: Batch.Item, _ codec: Codec, _ stopwatch: Stopwatch) {
    self.init()
    input = item.input
    output = item.output
    model = codec.model.name
    seconds = stopwatch.seconds
    peak_memory_bytes = ProcessMemory.peakByteCount
  }
}
