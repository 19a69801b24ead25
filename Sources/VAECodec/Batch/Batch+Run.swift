extension Batch {
  /// Does `work` for each item.
  ///
  /// An item whose work throws has failed, and the next one begins. The batch ends where the reader
  /// of standard output is gone (`FileError.brokenPipe`), where the task is cancelled, and at a
  /// failure if the policy says so.
  ///
  /// - Parameters:
  ///   - work: makes the output of an item that has to be made.
  ///   - checkExisting: throws unless the output of an item, which exists, is what `work` would make: then the
  ///     item is passed over, where the policy is to skip such items.
  ///   - report: called with what became of each item. The item fails if it throws for one that is
  ///     done; what it throws for a failed item ends the batch.
  /// - Throws: `FileError.unwritable` if the output folder cannot be made, `FileError.brokenPipe`,
  ///   `CancellationError`, and what `report` throws for a failed item.
  public func run<Value: BatchResult>(
    _ work: (Item) throws -> Value, checkExisting: (_ item: Item, _ output: String) throws -> Void,
    report: (BatchEvent<Value>) throws -> Void
  ) throws -> BatchSummary {
    if let folder { try OutputFile.makeFolder(folder) }
    var summary = BatchSummary(itemCount: items.count)
    let start = ContinuousClock.now
    for item in items {
      try Task.checkCancellation()
      do {
        try InputError.naming(item.input) {
          try run(work, checkExisting, of: item, report, &summary)
        }
      } catch let error where Self.endsAll(error) {
        throw error
      } catch {
        summary.failedCount += 1
        try report(.failed(item, error))
        if policy.stopsAtFailure { break }
      }
    }
    summary.seconds = (ContinuousClock.now - start).seconds
    return summary
  }

  private func run<Value: BatchResult>(
    _ work: (Item) throws -> Value, _ checkExisting: (Item, String) throws -> Void, of item: Item,
    _ report: (BatchEvent<Value>) throws -> Void, _ summary: inout BatchSummary
  ) throws {
    guard try mustBeMade(item, checkExisting) else {
      summary.skippedCount += 1
      return try report(.skipped(item))
    }
    let value = try work(item)
    if let roundTrip = value.roundTrip { summary.measure(roundTrip, of: item) }
    try report(.done(item, value))
    summary.doneCount += 1
    summary.byteCount += value.byteCount
  }

  /// Checks before long work that the output may be written.
  ///
  /// - Returns: whether there is anything to do.
  /// - Throws: `FileError`, and what `checkExisting` throws.
  private func mustBeMade(
    _ item: Item, _ checkExisting: (Item, String) throws -> Void
  ) throws -> Bool {
    guard let output = item.output else { return true }
    do {
      try OutputFile.check(output, replacing: policy.replaces)
      return true
    } catch FileError.exists where policy.existingFiles == .skip {
      try checkExisting(item, output)
      return false
    }
  }

  private static func endsAll(_ error: any Error) -> Bool {
    error as? FileError == .brokenPipe || error is CancellationError
  }
}
