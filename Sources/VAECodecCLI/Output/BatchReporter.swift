import VAECodec

/// Prints what becomes of the items of a batch, and how far the work is.
struct BatchReporter {
  private let style: ReportStyle
  private let progress: ProgressLine

  init(_ style: ReportStyle) {
    self.style = style
    progress = ProgressLine(isWanted: style.showsProgress)
  }

  /// Shows that `fraction` of the work on `item` is done.
  func show(_ item: Batch.Item, _ fraction: Double) { progress.show(item.input, fraction) }

  /// Runs a batch and prints what becomes of it.
  ///
  /// - Parameters:
  ///   - batch: runs it, with the closure that it reports to.
  ///   - done: prints what an item became; what it throws makes the item a failure.
  ///   - summary: prints the summary.
  /// - Throws: `ReportedFailure` if an item failed, and what ended the batch.
  func run<Value>(
    _ batch: (_ report: (BatchEvent<Value>) throws -> Void) throws -> BatchSummary,
    done: @escaping (Batch.Item, Value) throws -> Void,
    summary print: (BatchSummary) throws -> Void = { _ in }
  ) throws {
    defer { progress.clear() }
    let summary = try batch { event in
      progress.clear()
      switch event {
      case .done(let item, let value): try done(item, value)
      case .skipped: break
      case .failed(_, let error): Console.complain(of: error)
      }
    }
    if summary.skippedCount > 0, !style.isQuiet {
      Console.complain(
        "note: \(summary.skippedCount) of \(summary.itemCount) files exist already and were skipped"
      )
    }
    try print(summary)
    if summary.failedCount > 0 { throw ReportedFailure() }
  }
}
