extension Batch {
  /// Does `work` for each item.
  ///
  /// An item whose work throws has failed, and the next one begins. The batch ends where the reader
  /// of standard output is gone (`FileError.brokenPipe`) or its disk full, where the task is cancelled,
  /// at a failure if the policy says so, and at one for want of space (`FileError.diskFull`), since the
  /// next item would find no more of it.
  ///
  /// - Parameters:
  ///   - work: makes the output of an item that has to be made.
  ///   - checkExisting: throws unless the output of an item, which exists, is what `work` would make: then the
  ///     item is passed over, where the policy is to skip such items.
  ///   - report: called with what became of each item. The item fails if it throws for one that is
  ///     done; what it throws for a failed item ends the batch.
  /// - Throws: `FileError.unwritable` if the output folder cannot be made, `FileError.brokenPipe`,
  ///   `FileError.diskFull` of standard output, `CancellationError`, and what `report` throws for a failed
  ///   item.
  public func run<Value: BatchResult>(
    _ work: (Item) throws -> Value, checkExisting: (_ item: Item, _ output: String) throws -> Void,
    report: (BatchEvent<Value>) throws -> Void
  ) throws -> BatchSummary {
    try run(
      opening: { [($0, ())] }, { item, _ in try work(item) },
      checkExisting: { item, output, _ in try checkExisting(item, output) }, report: report)
  }

  /// Does `work` for each part of each item, as `run(_:checkExisting:report:)` does for items.
  ///
  /// - Parameters:
  ///   - open: the parts of an item, each with its own output, and what was opened for it.
  ///   - work: makes the output of a part that has to be made.
  ///   - checkExisting: throws unless the output of a part, which exists, is what `work` would make.
  ///   - report: called with what became of each part.
  /// - Throws: as `run(_:checkExisting:report:)`.
  func run<Opened, Value: BatchResult>(
    opening open: (Item) throws -> [(Item, Opened)], _ work: (Item, Opened) throws -> Value,
    checkExisting: (_ part: Item, _ output: String, Opened) throws -> Void,
    report: (BatchEvent<Value>) throws -> Void
  ) throws -> BatchSummary {
    if let folder { try OutputFile.makeFolder(folder) }
    var summary = BatchSummary(itemCount: items.count)
    var outputs = Dictionary(
      items.compactMap { item in item.output.map { ($0.pathBytes, item.name) } },
      uniquingKeysWith: { $1 })
    let start = ContinuousClock.now
    all: for item in items {
      var parts: [(Item, Opened)] = []
      let failure = try attempt(item, &summary, report) { summary in
        // What goes into a folder may be several files; of others it is known at once whether they may be
        // written.
        if folder == nil { _ = try mayBeDone(item) }
        parts = try open(item)
        summary.itemCount += parts.count - 1
      }
      if let failure, isLast(failure) { break }
      for (part, opened) in parts {
        let failure = try attempt(part, &summary, report) { summary in
          if parts.count > 1, let output = part.output,
            let other = outputs.updateValue(part.name, forKey: output.pathBytes)
          {
            throw BatchError.sameOutput(first: other, second: part.name, output: output)
          }
          try run(
            { try work($0, opened) }, { try checkExisting($0, $1, opened) }, of: part, report,
            &summary)
        }
        if let failure, isLast(failure) { break all }
      }
    }
    summary.seconds = (ContinuousClock.now - start).seconds
    return summary
  }

  /// Calls `body` and reports what it throws as the failure of `item`.
  ///
  /// - Returns: what it threw; nil if it threw nothing.
  /// - Throws: what ends the batch without a word on the item.
  private func attempt<Value: BatchResult>(
    _ item: Item, _ summary: inout BatchSummary, _ report: (BatchEvent<Value>) throws -> Void,
    _ body: (inout BatchSummary) throws -> Void
  ) throws -> (any Error)? {
    try Task.checkCancellation()
    do {
      try InputError.naming(item.name) { try body(&summary) }
      return nil
    } catch let error where Self.endsAll(error) {
      throw error
    } catch {
      summary.failedCount += 1
      try report(.failed(item, error))
      return error
    }
  }

  private func run<Value: BatchResult>(
    _ work: (Item) throws -> Value, _ checkExisting: (Item, String) throws -> Void, of item: Item,
    _ report: (BatchEvent<Value>) throws -> Void, _ summary: inout BatchSummary
  ) throws {
    if let output = item.output, try mayBeDone(item) {
      try checkExisting(item, output)
      summary.skippedCount += 1
      return try report(.skipped(item))
    }
    let value = try work(item)
    if let comparison = value.comparison {
      summary.measure(comparison, bitsPerPixel: value.comparedBitsPerPixel, of: item)
    }
    try report(.done(item, value))
    summary.doneCount += 1
    summary.byteCount += value.byteCount
  }

  /// Checks before long work that the output may be written.
  ///
  /// - Returns: whether it exists, and is to be passed over if it is what would be written.
  /// - Throws: `FileError`.
  private func mayBeDone(_ item: Item) throws -> Bool {
    guard let output = item.output else { return false }
    do {
      try OutputFile.check(output, replacing: policy.replaces)
      return false
    } catch FileError.exists where policy.existingFiles == .skip {
      return true
    }
  }

  /// Whether nothing is begun after a failure.
  private func isLast(_ failure: any Error) -> Bool {
    if case FileError.diskFull = failure { return true }
    return policy.stopsAtFailure
  }

  /// Whether nobody is left to hear of a failure.
  private static func endsAll(_ error: any Error) -> Bool {
    switch error {
    case FileError.brokenPipe, FileError.diskFull(path: OutputFile.standardOutput): true
    default: error is CancellationError
    }
  }
}
