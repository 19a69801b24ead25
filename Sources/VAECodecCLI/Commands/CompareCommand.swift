import VAECodec

/// `vaecodec compare`: how far pictures are from their references.
struct CompareCommand: Command {
  static let spec = CommandSpec(
    name: "compare",
    summary: "measure and show how far pictures are from their references",
    usage: [
      "vaecodec compare REFERENCE PICTURE [options]",
      "vaecodec compare REFERENCES/ PICTURES/ [options]",
    ],
    operands: [
      .init("REFERENCE", help: "a PNG or JPEG file, or a folder of them"),
      .init(
        "PICTURE",
        help: "a file of the same size, or a folder of files of the same names; their extensions "
          + "may differ"),
    ],
    options: CompareOptions.specs,
    examples: [
      .init(
        line: "vaecodec compare photo.png decoded.png -o diff.png",
        meaning: "the numbers, and where the difference is"),
      .init(
        line: "vaecodec compare photos/ decoded/ --report page.html",
        meaning: "two folders, and a page to look at"),
      .init(
        line: "vaecodec compare photo.png decoded.png --min-ssim 0.7 --quiet",
        meaning: "just the exit status"),
    ])

  private let options: CompareOptions

  init(_ arguments: ParsedArguments) throws { options = try CompareOptions(arguments) }

  func run() throws {
    let notes = Notes(options.style, options.batch)
    options.omissions.forEach(notes.print)
    let page = try PageCollector(options.page, title: "Comparison")
    let reporter = BatchReporter(options.style, options.batch)
    try reporter.run(
      { report in
        try page.written(options.style) {
          try options.batch.compare(options.settings) { event in
            try page.collect(event, report) { item, file in
              ReportPage.Entry(
                named: InputFile.displayName(of: item.input), file.reference, file.picture,
                file.result)
            }
          }
        }
      }, bounds: options.meanBounds
    ) { item, file in
      try print(item, file)
      try options.bounds.check(file.result)
    }
    try page.checkWritten()
  }

  private func print(_ item: Batch.Item, _ file: ComparedFile) throws {
    if options.style.isJSON {
      var report = Report(item, file.seconds)
      report.reference = try item.reference?.get()
      (report.width, report.height) = (file.picture.width, file.picture.height)
      report.add(file.result, options.bounds)
      try Console.printJSON(report)
    } else if options.style.printsLines, item.output != "-" {
      let name = options.isOfFolders ? "\(item.input): " : ""
      try Console.printLine(name + Format.comparison(file.result))
    }
  }
}
