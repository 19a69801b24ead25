import VAECodec

/// What `vaecodec preview` was asked for.
struct PreviewOptions {
  let batch: Batch
  let settings: PreviewSettings
  /// The sheet of all previews; nil where each is a file of its own.
  let sheet: SheetOptions?
  let input: LatentInputOptions
  let style: ReportStyle

  private static let size = OptionSpec(
    "size", placeholder: "N", isRepeatable: true, synonyms: ["thumbnail", "width"],
    help:
      "make the longer side of each preview N pixels; for packed tokens of FLUX, WxH is the "
      + "size of their picture")

  static let specs =
    [
      CommonOptions.outputBeside, SheetOptions.sheet, size, PictureOutputOptions.format,
      CommonOptions.jpegQuality,
    ]
    + DatasetOptions.specs + LatentInputOptions.specs.filter { $0.name != size.name }
    + [
      CommonOptions.latentFamily, CommonOptions.anySpace, CommonOptions.scaled,
      CommonOptions.unscaled,
      CommonOptions.force, CommonOptions.skipExisting,
      CommonOptions.maxPixels, CommonOptions.batchJSON, CommonOptions.quiet,
    ]

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    let (side, pictureSize) = try Self.sizes(arguments)
    input = try LatentInputOptions(
      arguments, units: arguments.units(), pictureSize: { _ in pictureSize })
    let family = try arguments.choice(CommonOptions.latentFamily, of: LatentFamily.self)
    let output = try PictureOutputOptions(arguments)
    if arguments.has(SheetOptions.sheet) {
      (sheet, batch) = try SheetOptions.sheet(arguments, output.writing, side: side)
      try output.check(sheet.map { [$0.path] } ?? [])
    } else {
      sheet = nil
      batch = try BatchOptions.batch(
        arguments, of: .latents, fileExtension: output.fileExtension,
        unlessNamed: .beside,
        isOutput: { (try? PictureWriting().format(of: $0)) != nil })
      try output.check(batch.items.compactMap(\.output))
    }
    settings = PreviewSettings(
      reading: input.reading, space: family.map { LatentSpace($0) },
      overrulesSpace: arguments.has(CommonOptions.anySpace), side: sheet == nil ? side : nil,
      takesAllLatents: sheet != nil, writing: output.writing)
    style = try ReportStyle(arguments)
  }

  /// The longest side of the previews, and the size of the picture as it was written.
  private static func sizes(_ arguments: ParsedArguments) throws -> (side: Int?, picture: String?) {
    let values = arguments.strings(size)
    let pictures = values.filter { $0.contains("x") }
    let sides = values.filter { !$0.contains("x") }
    guard pictures.count <= 1, sides.count <= 1 else {
      throw UsageError.repeatedOption(size.spelling)
    }
    let side = try sides.first.map { text in
      guard let side = Int(text), sideRange.contains(side) else {
        throw UsageError.invalidValue(
          option: size.spelling, found: text,
          expected: .form(
            "a number of pixels from 1 to \(sideRange.upperBound), or a size such as 1024x768"))
      }
      return side
    }
    return (side, pictures.first)
  }

  private static let sideRange = 1...16384
}
