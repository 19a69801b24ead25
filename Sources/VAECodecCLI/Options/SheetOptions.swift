import VAECodec

/// The one picture of all that a command makes.
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

  /// A sheet at `path`.
  init(_ path: String, side: Int?, _ writing: PictureWriting, _ policy: BatchPolicy) {
    (self.path, self.side, self.writing) = (path, side, writing)
    replaces = policy.existingFiles == .replace
  }

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
      sheet = SheetOptions(path, side: side, writing, policy)
      guard DatasetOptions.areGiven(arguments) else {
        return try Batch(inputs: arguments.operands, policy: policy)
      }
      return try Batch(
        DatasetOptions.inputs(arguments, .latents), to: .nowhere, fileExtension: "", policy: policy)
    }
    return (sheet, batch)
  }

  /// Checks before long work that the sheet may be written.
  ///
  /// - Throws: `FileError`.
  func check() throws { try OutputFile.check(path, replacing: replaces) }

  /// Draws and writes the sheet, and prints its name.
  ///
  /// - Parameters:
  ///   - pictures: what is on it.
  ///   - noun: what one of them is called.
  ///   - maximumPixelCount: a larger sheet is refused.
  /// - Throws: `FileError`, and `InputError` with an `ImageFileError`.
  func write(
    _ pictures: ContactSheet, of noun: String, maximumPixelCount: Int, _ style: ReportStyle
  ) throws {
    let image = try InputError.naming(path) {
      let image = try pictures.image(maximumPixelCount: maximumPixelCount)
      try writing.write(image, to: path, replacing: replaces)
      return image
    }
    guard let name = style.named(path) else { return }
    let count = "\(pictures.count) \(noun)" + (pictures.count == 1 ? "" : "s")
    try Console.printLine("\(name): \(count), \(image.width)x\(image.height) pixels")
  }
}
