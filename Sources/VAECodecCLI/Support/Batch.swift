import VAECodec

/// The inputs of a command and the file that each of them becomes.
struct Batch {
  /// One input and its output.
  struct Item: Equatable {
    let input: String
    let output: String
  }

  let items: [Item]
  /// Whether existing files may be replaced.
  let replaces: Bool
  /// Whether items whose file exists are passed over.
  private let skips: Bool
  private let isQuiet: Bool
  /// The folder of all outputs; nil where the one output is a file.
  private let folder: String?

  /// Pairs the operands with outputs.
  ///
  /// - Parameters:
  ///   - defaultExtension: of the files in an output folder.
  ///   - writesBeside: whether outputs lie beside their inputs where none is named.
  ///   - skips: whether items whose file exists are passed over.
  /// - Throws: `UsageError` if there is no output, if several inputs would become one file, or if
  ///   results and a report would both go to standard output.
  init(
    _ arguments: ParsedArguments, defaultExtension: String, writesBeside: Bool = false,
    skips: Bool = false
  ) throws {
    if let output = arguments.string(CommonOptions.output) {
      (items, folder) = try Self.outputs(arguments, output, defaultExtension)
    } else {
      guard writesBeside else {
        throw UsageError.missingOption(
          command: arguments.command.name, option: CommonOptions.output.spelling)
      }
      items = try Self.outputsBeside(arguments, defaultExtension)
      folder = nil
    }
    replaces = arguments.has(CommonOptions.force)
    self.skips = skips
    isQuiet = arguments.has(CommonOptions.quiet)
    if replaces, skips {
      throw UsageError.conflict(CommonOptions.force.spelling, CommonOptions.skipExisting.spelling)
    }
    var inputOfOutput: [String: String] = [:]
    for item in items {
      if let other = inputOfOutput.updateValue(item.input, forKey: item.output) {
        throw UsageError.sameOutput(first: other, second: item.input, output: item.output)
      }
    }
  }

  /// The inputs with what `output`, a file or a folder, makes of them, and the folder.
  private static func outputs(
    _ arguments: ParsedArguments, _ output: String, _ defaultExtension: String
  ) throws -> (items: [Item], folder: String?) {
    let inputs = arguments.operands
    if output == "-", arguments.has(CommonOptions.json) {
      throw UsageError.conflict("--output -", CommonOptions.json.spelling)
    }
    guard output.hasSuffix("/") || InputFile.isFolder(output) else {
      guard inputs.count == 1 else {
        throw UsageError.invalidValue(
          option: CommonOptions.output.spelling, found: output,
          expected: .form(
            "a folder for \(inputs.count) inputs" + (output == "-" ? "" : ", such as \(output)/")))
      }
      return ([Item(input: inputs[0], output: output)], nil)
    }
    let folder = output.hasSuffix("/") ? output : output + "/"
    let items = inputs.map { input in
      Item(input: input, output: "\(folder)\(Self.stem(of: input)).\(defaultExtension)")
    }
    return (items, folder)
  }

  /// The inputs with files of their names in their own folders.
  private static func outputsBeside(
    _ arguments: ParsedArguments, _ defaultExtension: String
  ) throws -> [Item] {
    try arguments.operands.map { input in
      // Of a dry run, which writes nothing, the output does not matter.
      guard input != "-" || arguments.isDryRun else {
        throw UsageError.missingOption(
          command: "\(arguments.command.name) of standard input",
          option: CommonOptions.output.spelling)
      }
      let slash = input.lastIndex(of: "/").map { input.index(after: $0) } ?? input.startIndex
      return Item(
        input: input, output: "\(input[..<slash])\(stem(of: input)).\(defaultExtension)")
    }
  }

  /// Makes the output folder, if there is one to be made. To be called once nothing is left to be
  /// found wrong with the command line and the model.
  ///
  /// - Throws: `FileError.unwritable`.
  func prepare() throws {
    if let folder { try OutputFile.makeFolder(folder) }
  }

  /// Runs `body` for each item; an error is told and the next item begun.
  ///
  /// - Throws: `ReportedFailure` at the end if an item failed, and at once when the reader of
  ///   standard output is gone.
  func forEach(_ body: (Item) throws -> Void) throws {
    try prepare()
    var skippedCount = 0
    defer { noteSkipped(skippedCount) }
    try Batch.forEach(items) { item in
      do {
        try OutputFile.check(item.output, replacing: replaces)
      } catch FileError.exists where skips {
        skippedCount += 1
        return
      }
      try body(item)
    } name: {
      $0.input
    }
  }

  private func noteSkipped(_ count: Int) {
    guard count > 0, !isQuiet else { return }
    Console.complain("note: \(count) of \(items.count) files exist already and were skipped")
  }

  /// Opens the model that `arguments` name and runs `body` for each item, with a stopwatch that
  /// starts with the time this took.
  ///
  /// - Throws: `CodecError` if the model cannot be used, else as `forEach`.
  func forEachWithCodec(
    _ arguments: ParsedArguments, _ progress: ProgressLine,
    _ body: (Item, Codec, Stopwatch) throws -> Void
  ) throws {
    var loading = Stopwatch()
    let codec = try loading.measure("load") { try arguments.codec() }
    try forEach { item in
      defer { progress.clear() }
      try body(item, codec, Stopwatch(loading.seconds))
    }
  }

  /// Runs `body` for each of `items`; an error is told with the item's name and the next item begun.
  ///
  /// - Throws: as the other `forEach`.
  static func forEach<Element>(
    _ items: [Element], _ body: (Element) throws -> Void, name: (Element) -> String
  ) throws {
    var hasFailed = false
    for item in items {
      do {
        try body(item)
      } catch FileError.brokenPipe {
        throw FileError.brokenPipe
      } catch is ReportedFailure {
        hasFailed = true
      } catch let error as FileError {
        // These name the file themselves, and so do those of models.
        Console.complain(Advice.text(of: error))
        hasFailed = true
      } catch let error as InputError {
        Console.complain(Advice.text(of: error))
        hasFailed = true
      } catch CodecError.model(let error) {
        Console.complain("\(error)")
        hasFailed = true
      } catch {
        Console.complain("\(InputFile.displayName(of: name(item))): \(Advice.text(of: error))")
        hasFailed = true
      }
    }
    if hasFailed { throw ReportedFailure() }
  }

  /// What the output of the input at `path` is called, without an extension.
  private static func stem(of path: String) -> String {
    path == "-" ? "stdin" : FileName(path).stem
  }
}
