import VAECodec

/// The one picture that `vaecodec preview --sheet` makes.
struct SheetOptions {
  /// The path of the sheet; "-" for standard output.
  let path: String
  /// The longest side of each preview on it, in pixels; nil for the usual one.
  let side: Int?
  private let writing: PictureWriting
  private let replaces: Bool

  static let sheet = OptionSpec(
    flag: "sheet", synonyms: ["contact-sheet", "grid", "montage", "index"],
    help: "draw all previews and their names in one picture, that of -o")

  /// The sheet that `arguments` ask for, and a batch that writes no previews.
  ///
  /// - Throws: `UsageError`.
  static func sheet(
    _ arguments: ParsedArguments, _ writing: PictureWriting, side: Int?
  ) throws -> (SheetOptions?, Batch) {
    var sheet: SheetOptions?
    if arguments.has(CommonOptions.skipExisting) {
      throw UsageError.conflict(Self.sheet.spelling, CommonOptions.skipExisting.spelling)
    }
    let batch = try BatchOptions.batch(arguments, unlessNamed: nil) { destination, policy in
      guard case .file(let path) = destination else {
        throw UsageError.invalidValue(
          option: CommonOptions.output.spelling,
          found: arguments.string(CommonOptions.output) ?? "",
          expected: .form("a file with \(Self.sheet.spelling), such as sheet.png"))
      }
      sheet = SheetOptions(
        path: path, side: side, writing: writing, replaces: policy.existingFiles == .replace)
      return try Batch(inputs: arguments.operands, policy: policy)
    }
    return (sheet, batch)
  }

  /// Checks before long work that the sheet may be written.
  ///
  /// - Throws: `FileError`.
  func check() throws { try OutputFile.check(path, replacing: replaces) }

  /// Writes the sheet.
  ///
  /// - Throws: `FileError` and `ImageFileError`.
  func write(_ image: Image) throws {
    try writing.write(image, to: path, replacing: replaces)
  }
}
