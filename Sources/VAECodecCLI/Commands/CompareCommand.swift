import VAECodec

/// `vaecodec compare`: how far one picture is from another.
struct CompareCommand: Command {
  static let spec = CommandSpec(
    name: "compare",
    summary: "measure how far a picture is from its reference",
    usage: ["vaecodec compare REFERENCE PICTURE [options]"],
    operands: [
      .init("REFERENCE", help: "a PNG or JPEG file"),
      .init("PICTURE", help: "a PNG or JPEG file of the same size"),
    ],
    options: CompareOptions.specs,
    examples: [
      .init(
        line: "vaecodec compare photo.png decoded.png",
        meaning: "PSNR, SSIM, MS-SSIM and SSIMULACRA 2"),
      .init(
        line: "vaecodec compare photo.png decoded.png --min-ssim 0.7 --quiet",
        meaning: "just the exit status"),
    ])

  private let options: CompareOptions

  init(_ arguments: ParsedArguments) throws { options = try CompareOptions(arguments) }

  func run() throws {
    let pictures = try pictures()
    let comparison = try Comparison(pictures[0], pictures[1])
    if options.style.isJSON {
      var report = Report()
      report.input = options.picture
      (report.width, report.height) = (pictures[0].width, pictures[0].height)
      report.add(comparison, options.bounds)
      try Console.printJSON(report)
    } else if options.style.printsLines {
      try Console.printLine(Format.comparison(comparison))
    }
    do {
      try options.bounds.check(comparison)
    } catch {
      throw InputError(path: options.picture, reason: error)
    }
  }

  /// The reference and the picture; what is wrong with either is printed.
  private func pictures() throws -> [Image] {
    let results = [options.reference, options.picture].map { path in
      Result { try Image(contentsOf: path, maximumPixelCount: options.maximumPixelCount) }
    }
    let pictures = results.compactMap { result in
      do {
        return try result.get()
      } catch {
        Console.complain(of: error)
        return nil
      }
    }
    guard pictures.count == results.count else { throw ReportedFailure() }
    return pictures
  }
}
