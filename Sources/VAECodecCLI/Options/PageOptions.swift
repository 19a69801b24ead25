import VAECodec

/// The page that a command writes besides its results.
struct PageOptions {
  /// The file of the page; nil where none is wanted.
  let file: ResultFile?
  /// Whether the page goes into the folder of the outputs, which may have to be made first.
  private let isBesideOutputs: Bool

  static let report = OptionSpec(
    "report", placeholder: "FILE", value: .path,
    synonyms: ["html", "html-report", "report-html"],
    help:
      "write a page for a web browser to FILE, such as page.html: pictures with a slider, maps of "
      + "the differences, numbers")

  /// - Throws: `UsageError` if the page would go into the place of a folder.
  init(_ arguments: ParsedArguments, _ batch: Batch) throws {
    file = ResultFile(arguments, Self.report)
    let path = file?.path
    isBesideOutputs =
      path.map { path in
        batch.items.contains { $0.output.map(Self.folder) == Self.folder(of: path) }
      } ?? false
    guard let path else { return }
    if case .folder = Batch.Destination(path) {
      throw UsageError.invalidValue(
        option: Self.report.spelling, found: path, expected: .form("a file, such as page.html"))
    }
  }

  /// Checks before long work that the page may be written.
  ///
  /// - Throws: `FileError`.
  func check() throws {
    guard let file else { return }
    let folder = String(Self.folder(of: file.path))
    if isBesideOutputs, !folder.isEmpty, !InputFile.exists(folder) { return }
    try file.check()
  }

  private static func folder(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[...$0] } ?? ""
  }
}
