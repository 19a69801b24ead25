import VAECodec

/// How a command writes pictures.
struct PictureOutputOptions {
  let writing: PictureWriting
  private let hasJPEGQuality: Bool

  /// The option that names the format, where a command has it.
  static let format = OptionSpec(
    "format", placeholder: "NAME", value: .words(of: PictureWriting.Format.self),
    help: "png or jpg, whatever the output is called")

  /// Writes as `arguments` say.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    let format =
      arguments.command.declares(Self.format)
      ? try arguments.choice(Self.format, of: PictureWriting.Format.self) : nil
    let quality = try arguments.integer(CommonOptions.jpegQuality, in: 1...100)
    writing = PictureWriting(
      format: format, jpegQuality: quality ?? PictureWriting.usualJPEGQuality)
    hasJPEGQuality = quality != nil
  }

  /// The extension of files in an output folder.
  var fileExtension: String { (writing.format ?? .png).rawValue }

  /// Checks that the formats of the outputs are known, and that there is a quality for JPEG alone.
  ///
  /// - Throws: `UsageError`.
  func check(_ outputs: [String]) throws {
    for output in outputs {
      let format = try? writing.format(of: output)
      guard !hasJPEGQuality || format != .png else {
        throw UsageError.conflict(CommonOptions.jpegQuality.spelling, "PNG, which loses nothing")
      }
      guard format != nil else {
        throw UsageError.invalidValue(
          option: CommonOptions.output.spelling, found: output,
          expected: .form("a name that ends in .png or .jpg"))
      }
    }
  }
}
