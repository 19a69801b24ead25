import VAECodec

/// What `vaecodec compare` was asked for.
struct CompareOptions {
  let batch: Batch
  let settings: CompareSettings
  let bounds: QualityBounds
  let meanBounds: MeanBounds
  let page: PageOptions
  /// Whether two folders were named.
  let isOfFolders: Bool
  /// Folders in which something was passed over.
  let omissions: [PicturePairs.Omission]
  let style: ReportStyle

  static let specs =
    [
      CommonOptions.output(
        help: "draw both pictures and a map of their differences to FILE, such as diff.png; for "
          + "folders, into a folder"),
      CommonOptions.jpegQuality, PageOptions.report, CommonOptions.force,
    ] + QualityBoundOptions.specs
    + [
      CommonOptions.junit, CommonOptions.maxPixels, CommonOptions.batchJSON, CommonOptions.progress,
      CommonOptions.quiet,
    ]

  /// - Throws: `UsageError`, and what is wrong with the folders.
  init(_ arguments: ParsedArguments) throws {
    let (reference, picture) = (arguments.operands[0], arguments.operands[1])
    if InputFile.isFolder(reference) || InputFile.isFolder(picture) {
      for folder in [reference, picture] where !InputFile.exists(folder) {
        throw FileError.unreadable(path: folder, reason: "no such file or directory")
      }
    }
    isOfFolders = InputFile.isFolder(reference)
    guard isOfFolders == InputFile.isFolder(picture) else {
      throw UsageError.invalidValue(
        option: "PICTURE", found: picture,
        expected: .form(isOfFolders ? "a folder, as REFERENCE is" : "a file, as REFERENCE is"))
    }
    guard reference != "-" || picture != "-" else { throw UsageError.conflict("-", "a second -") }
    let pairs =
      isOfFolders
      ? try PicturePairs(referenceFolder: reference, pictureFolder: picture)
      : PicturePairs(reference: reference, picture: picture)
    omissions = pairs.omissions
    let output = try PictureOutputOptions(arguments)
    batch = try BatchOptions.batch(arguments, unlessNamed: .nowhere) {
      try Batch(pairs, to: $0, fileExtension: output.fileExtension, policy: $1)
    }
    try output.check(batch.items.compactMap(\.output))
    settings = CompareSettings(
      writing: output.writing, maximumPixelCount: try arguments.maximumPixelCount())
    bounds = try QualityBoundOptions.bounds(arguments)
    meanBounds = try QualityBoundOptions.meanBounds(arguments)
    page = try PageOptions(arguments, batch)
    try ResultFile.check(arguments, batch)
    style = try ReportStyle(arguments)
  }
}
