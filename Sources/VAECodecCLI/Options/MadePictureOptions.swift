import VAECodec

/// Where pictures go that a command makes of its own: each into a file of a folder, one into a file, or several
/// onto a sheet.
struct MadePictureOptions {
  let batch: Batch
  /// The sheet of all pictures; nil where each is a file.
  let sheet: SheetOptions?
  let writing: PictureWriting

  /// The longest side of each of so many pictures on a sheet, in pixels, so that any sheet fits into memory;
  /// smaller pictures are shown as they are.
  static func largestSide(of count: Int) -> Int {
    switch count {
    case ...64: 512
    case ...256: 256
    case ...1024: 128
    default: 64
    }
  }

  /// The options that say where and how.
  static func specs(output: String) -> [OptionSpec] {
    [
      CommonOptions.output(help: output), PictureOutputOptions.format, CommonOptions.jpegQuality,
      CommonOptions.force,
    ]
  }

  /// - Parameters:
  ///   - arguments: what was asked for.
  ///   - parts: what messages call each picture.
  ///   - names: the names of the files in a folder, without an extension.
  ///   - inputs: what they are made of, the first one that which messages name.
  /// - Throws: `UsageError`.
  init(
    _ arguments: ParsedArguments, parts: [String], names: [String], of inputs: [String]
  ) throws {
    let output = try PictureOutputOptions(arguments)
    var sheet: SheetOptions?
    batch = try BatchOptions.batch(arguments, unlessNamed: nil) { destination, policy in
      var destination = destination
      if case .file(let path) = destination, parts.count > 1 {
        sheet = SheetOptions(path, side: nil, output.writing, policy)
        destination = .nowhere
      }
      let batch = try Batch(
        parts: parts, named: names, of: inputs.first ?? "", to: destination,
        fileExtension: output.fileExtension, policy: policy)
      let outputs = [arguments.string(CommonOptions.output)] + batch.items.map(\.output)
      for path in outputs.compactMap(\.self) where path != "-" {
        if inputs.contains(where: { InputFile.areSame($0, path) }) {
          throw BatchError.overwritesInput(path)
        }
      }
      return batch
    }
    try output.check(sheet.map { [$0.path] } ?? batch.items.compactMap(\.output))
    self.sheet = sheet
    writing = output.writing
  }
}
