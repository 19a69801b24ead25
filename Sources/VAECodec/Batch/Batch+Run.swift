extension Batch {
  /// Does `work` for each item.
  ///
  /// An item whose work throws has failed, and the next one begins. The batch ends where the reader
  /// of standard output is gone (`FileError.brokenPipe`) or its disk full, where the task is cancelled,
  /// where the policy says so, and at a failure for want of space (`FileError.diskFull`), since the
  /// next item would find no more of it.
  ///
  /// - Parameters:
  ///   - threads: items that are worked on at the same time.
  ///   - work: makes the output of an item that has to be made; called on several threads.
  ///   - checkExisting: throws unless the output of an item, which exists, is what `work` would make: then the
  ///     item is passed over, where the policy is to skip such items; called on several threads.
  ///   - report: called on the caller's thread with what became of each item, in the order of the items. The
  ///     item fails if it throws for one that is done; what it throws for a failed item ends the batch.
  /// - Throws: `FileError.unwritable` if the output folder cannot be made, `FileError.brokenPipe`,
  ///   `FileError.diskFull` of standard output, `DatasetError`, `CancellationError`, and what `report` throws
  ///   for a failed item.
  public func run<Value: BatchResult>(
    threads: Int = 1, _ work: @escaping (Item) throws -> Value,
    checkExisting: @escaping (_ item: Item, _ output: String) throws -> Void,
    report: (BatchEvent<Value>) throws -> Void
  ) throws -> BatchSummary {
    try run(
      threads: threads, record: nil, { item, _ in try work(item) }, checkExisting: checkExisting,
      report: report)
  }

  /// Does `work`, which knows the worker that does it, for each item.
  func run<Value: BatchResult>(
    threads: Int, record: @autoclosure () -> RunRecord?,
    _ work: @escaping (Item, BatchWorker) throws -> Value,
    checkExisting: @escaping (_ item: Item, _ output: String) throws -> Void,
    report: (BatchEvent<Value>) throws -> Void
  ) throws -> BatchSummary {
    try run(
      threads: threads, record: record(),
      opening: { [BatchPart(item: $0, opened: NothingOpened())] },
      { part, worker in try work(part.item, worker) },
      checkExisting: { part, output in try checkExisting(part.item, output) }, report: report)
  }

  /// Does `work` for each part of each item, as `run(threads:_:checkExisting:report:)` does for items.
  ///
  /// - Parameters:
  ///   - record: what the outputs have in common, for a folder that remembers it.
  ///   - open: the parts of an item, each with its own output, and what was opened for it.
  ///   - work: makes the output of a part that has to be made.
  ///   - checkExisting: throws unless the output of a part, which exists, is what `work` would make.
  ///   - report: called with what became of each part.
  /// - Throws: as `run(threads:_:checkExisting:report:)`.
  func run<Opened: Sendable, Value: BatchResult>(
    threads: Int, record: @autoclosure () -> RunRecord?,
    opening open: @escaping (Item) throws -> [BatchPart<Opened>],
    _ work: @escaping (BatchPart<Opened>, BatchWorker) throws -> Value,
    checkExisting: @escaping (_ part: BatchPart<Opened>, _ output: String) throws -> Void,
    report: (BatchEvent<Value>) throws -> Void
  ) throws -> BatchSummary {
    if let folder { try OutputFile.makeFolder(folder) }
    let dataset = try dataset.flatMap { policy in
      try record().map {
        try DatasetFolder(at: folder ?? ".", $0, policy, replaces: self.policy.replaces)
      }
    }
    let workers = BatchWorkers(
      batch: self, dataset: dataset, open: open, work: work, checkExisting: checkExisting)
    var account = BatchAccount<Value>(self, dataset)
    // What follows a failure is left undone: nobody may be ahead.
    let threads = policy.stopsAtFailure ? 1 : max(1, min(threads, items.count))
    let stop = OrderedWork.Stop()
    var indices = items.indices.makeIterator()
    try OrderedWork(threads: threads).run(stop: stop, next: { indices.next() }) { index in
      let left = items.count - index
      return workers.outcomes(
        of: items[index],
        BatchWorker(threads: left < threads ? threads / left : 1, stop: stop, dataset: dataset))
    } receive: { outcomes in
      try account.receive(outcomes, report)
    } waiting: {
      try Task.checkCancellation()
      return try account.settle(evenIfFew: false, report) && !(stopRequest?.isMade ?? false)
    }
    try account.settle(evenIfFew: true, report)
    return account.finished
  }
}

/// Stands for what was opened where nothing was.
private struct NothingOpened: Sendable {}
