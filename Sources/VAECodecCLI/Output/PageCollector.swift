import VAECodec

/// Gathers what becomes of the items of a batch on a page; nothing where none is wanted.
final class PageCollector {
  private let options: PageOptions
  private var page: ReportPage
  private var count = 0
  /// Whether the item that is reported next as failed is on the page already.
  private var isOnPage = false
  /// Whether the page could not be written.
  private var isLost = false

  /// - Throws: `FileError` if the page may not be written.
  init(_ options: PageOptions, title: String, facts: [(name: String, value: String)] = []) throws {
    try options.check()
    self.options = options
    page = ReportPage(title: title, facts: facts)
  }

  /// Passes `event` on to `report`, and puts it on the page.
  ///
  /// - Parameter entry: what the page shows of an item that is done.
  /// - Throws: what `report` throws, and `ImageFileError.failed`.
  func collect<Value>(
    _ event: BatchEvent<Value>, _ report: (BatchEvent<Value>) throws -> Void,
    entry: (Batch.Item, Value) -> ReportPage.Entry
  ) throws {
    guard options.file != nil else { return try report(event) }
    switch event {
    case .done(let item, let value):
      var entry = entry(item, value)
      do {
        try report(event)
      } catch {
        entry.failure = ErrorText.reason(of: error, for: item)
        try add(entry)
        isOnPage = true
        throw error
      }
      try add(entry)
    case .skipped: try report(event)
    case .failed(let item, let error):
      if !isOnPage {
        try add(
          ReportPage.Entry(
            named: InputFile.displayName(of: item.input),
            failure: ErrorText.reason(of: error, for: item)))
      }
      isOnPage = false
      try report(event)
    }
  }

  /// - Throws: `ReportedFailure` if the page could not be written.
  func checkWritten() throws { if isLost { throw ReportedFailure() } }

  private func add(_ entry: ReportPage.Entry) throws {
    try page.add(entry)
    count += 1
  }

  /// Runs a batch that reports to `collect`, and writes the page that came of it. That it could not be
  /// written is said, and thrown by `checkWritten`, so that what else is to be told of the batch is told.
  ///
  /// - Throws: what `batch` throws.
  func written(_ style: ReportStyle, _ batch: () throws -> BatchSummary) throws -> BatchSummary {
    let summary = try batch()
    guard let file = options.file else { return summary }
    do {
      try file.write(page.html())
    } catch {
      Console.complain(of: error)
      isLost = true
      return summary
    }
    if let name = style.named(file.path) {
      try Console.printLine("\(name): report of \(count) \(count == 1 ? "picture" : "pictures")")
    }
    return summary
  }
}
