import VAECodec

/// Prints what becomes of the items of a batch, and how far the work is.
struct BatchReporter {
  private let style: ReportStyle
  private let batch: Batch
  private let progress: ProgressLine

  init(_ style: ReportStyle, _ batch: Batch) {
    self.style = style
    self.batch = batch
    progress = ProgressLine(isWanted: style.showsProgress, itemCount: batch.items.count)
  }

  /// Shows that `fraction` of the work on `item` is done.
  func show(_ item: Batch.Item, _ fraction: Double) { progress.advance(item.input, to: fraction) }

  /// Runs a batch and prints what becomes of it.
  ///
  /// - Parameters:
  ///   - run: runs it, with the closure that it reports to.
  ///   - bounds: what the means must keep.
  ///   - done: prints what an item became; what it throws makes the item a failure.
  /// - Throws: `ReportedFailure` if an item failed or the means miss a bound, and what ended the batch.
  func run<Value: BatchResult>(
    _ run: (_ report: (BatchEvent<Value>) throws -> Void) throws -> BatchSummary,
    bounds: MeanBounds = MeanBounds(), done: @escaping (Batch.Item, Value) throws -> Void
  ) throws {
    try style.junit?.check()
    if !style.isQuiet { Notes.print(batch.omission) }
    let signals = batch.stopRequest.map { request in
      StopSignals(request, grace: style.grace, abandon: { [batch] in batch.removeTemporaryFiles() })
    }
    defer { progress.clear() }
    var junit = JUnitReport(suite: "vaecodec \(style.command)")
    var last = ContinuousClock.now
    // Of a picture that is done and then fails for missing a bound.
    var measured: Comparison?
    var isDiskFull = false
    let summary = try run { event in
      progress.clear()
      if case .failed(_, FileError.diskFull) = event { isDiskFull = true }
      let now = ContinuousClock.now
      if case .done(_, let value) = event { measured = value.comparison }
      try report(event, done, measured, &junit, (now - last) / .seconds(1))
      measured = nil
      // Not of what is done and fails then: its failure comes next, and took as long.
      last = now
    }
    progress.clear()
    let misses = bounds.misses(of: summary.means)
    if !bounds.isEmpty { junit.add(summary.means, misses) }
    try report(summary, bounds.isEmpty ? nil : misses.isEmpty)
    for miss in misses { Console.complain("\(miss)") }
    try style.junit?.write(Array(junit.text.utf8))
    if let status = signals?.exitStatus { throw ReportedFailure(status: status) }
    if summary.failedCount > 0 || summary.leftCount > 0 || !misses.isEmpty {
      try fail(summary, misses, isDiskFull: isDiskFull)
    }
  }

  /// - Throws: `ReportedFailure`, unless all failures were allowed.
  private func fail(
    _ summary: BatchSummary, _ misses: [QualityMiss], isDiskFull: Bool
  ) throws {
    // Of a data set that was gone through to its end.
    if batch.isDataset, summary.leftCount > 0 {
      Console.complain(
        "stopped: \(summary.failedCount) failed, \(summary.leftCount) not begun"
          + (isDiskFull && summary.doneCount > 0
            ? ", which take about \(Format.bytes(summary.byteCount / summary.doneCount * summary.leftCount))"
            : ""))
    }
    guard batch.isDataset, summary.leftCount == 0, misses.isEmpty,
      batch.policy.maximumFailures.allows(summary)
    else { throw ReportedFailure() }
    guard style.allowsFailures else { throw ReportedFailure(status: 3) }
  }

  private func report<Value: BatchResult>(
    _ event: BatchEvent<Value>, _ done: (Batch.Item, Value) throws -> Void,
    _ measured: Comparison?, _ junit: inout JUnitReport, _ seconds: Double
  ) throws {
    switch event {
    case .done(let item, let value):
      try done(item, value)
      junit.add(item, measured, seconds: seconds)
      progress.end(item)
    case .skipped(let item):
      progress.end(item, skipped: true)
    case .failed(let item, let error):
      Console.complain(of: error)
      junit.add(item, error, measured, seconds: seconds)
      if style.isJSON, !FailureReport.isPrinted(error) {
        try Console.printJSON(FailureReport(item, error))
      }
      progress.end(item, failed: true)
    }
  }

  private func report(_ summary: BatchSummary, _ keepsBounds: Bool?) throws {
    if style.isJSON {
      return try Console.printJSON(SummaryReport(summary, passed: keepsBounds))
    }
    guard style.printsLines, summary.itemCount > 1 || summary.skippedCount > 0 else { return }
    if summary.means.count > 1 { try Console.printLine(Format.means(summary)) }
    try Console.printLine(Format.counts(summary))
  }
}
