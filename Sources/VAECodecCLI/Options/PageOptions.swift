import VAECodec

/// The page that a command writes besides its results.
struct PageOptions {
  /// The path of the page, "-" for standard output; nil where none is wanted.
  let path: String?
  private let replaces: Bool
  /// Whether the page goes where outputs go, into a folder that may have to be made first.
  private let isBesideOutputs: Bool

  static let report = OptionSpec(
    "report", placeholder: "FILE", synonyms: ["html", "html-report", "report-html"],
    help: "write a page for a browser to FILE, such as page.html: pictures with a slider, maps of "
      + "the differences, numbers")

  /// - Throws: `UsageError` if the page would go where another output goes.
  init(_ arguments: ParsedArguments, _ batch: Batch) throws {
    path = arguments.string(Self.report)
    replaces = arguments.has(CommonOptions.force)
    isBesideOutputs = path.map { path in
      batch.items.contains { $0.output.map(Self.folder) == Self.folder(of: path) }
    } ?? false
    guard let path else { return }
    if path.hasSuffix("/") || path != "-" && InputFile.isFolder(path) {
      throw UsageError.invalidValue(
        option: Self.report.spelling, found: path, expected: .form("a file, such as page.html"))
    }
    if batch.items.contains(where: { $0.output == path || path != "-" && $0.input == path }) {
      throw UsageError.conflict(
        "\(Self.report.spelling) \(path)",
        batch.items.contains { $0.output == path }
          ? "\(CommonOptions.output.spelling) \(path)" : "the input \(path)")
    }
    if path == "-", arguments.has(CommonOptions.json) {
      throw UsageError.conflict("\(Self.report.spelling) -", CommonOptions.json.spelling)
    }
  }

  /// Whether the page takes standard output.
  var isOnStandardOutput: Bool { path == "-" }

  /// Checks before long work that the page may be written.
  ///
  /// - Throws: `FileError`.
  func check() throws {
    guard let path else { return }
    let folder = String(Self.folder(of: path))
    if isBesideOutputs, !folder.isEmpty, !InputFile.exists(folder) { return }
    try OutputFile.check(path, replacing: replaces)
  }

  private static func folder(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[...$0] } ?? ""
  }

  /// Writes the page.
  ///
  /// - Throws: `FileError`.
  func write(_ page: ReportPage) throws {
    if let path { try OutputFile.write(page.html(), to: path, replacing: replaces) }
  }
}
