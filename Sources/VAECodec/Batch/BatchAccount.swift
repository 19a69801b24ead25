/// Counts and reports what becomes of the items of a batch, in their order.
///
/// Where the outputs of a data set appear in groups, what was made is reported when it is there to stay.
struct BatchAccount<Value: BatchResult> {
  private let batch: Batch
  private let dataset: DatasetFolder?
  private var summary: BatchSummary
  /// The counts as they will be when all that was received is settled.
  private var foreseen: BatchSummary
  private let start = ContinuousClock.now
  /// Those whose outputs have not taken their names yet.
  private var pending: [BatchOutcomes<Value>] = []
  private var group = OutputGroup()
  /// Whether a failure was the last.
  private var isOver = false

  init(_ batch: Batch, _ dataset: DatasetFolder?) {
    self.batch = batch
    self.dataset = dataset
    summary = BatchSummary(itemCount: batch.items.count)
    foreseen = summary
  }

  /// The counts, when the last item was received.
  var finished: BatchSummary {
    var summary = summary
    summary.seconds = (ContinuousClock.now - start).seconds
    return summary
  }

  /// Takes what became of an item.
  ///
  /// - Returns: whether the next item is to be begun.
  /// - Throws: what ends the batch.
  mutating func receive(
    _ outcomes: BatchOutcomes<Value>, _ report: (BatchEvent<Value>) throws -> Void
  ) throws -> Bool {
    pending.append(outcomes)
    foresee(outcomes)
    if let record = outcomes.record { group.add(record) }
    return try settle(evenIfFew: dataset == nil, report) && !isOver
  }

  private mutating func foresee(_ outcomes: BatchOutcomes<Value>) {
    for part in outcomes.parts {
      guard case .failed(_, let error) = part else {
        foreseen.doneCount += 1
        continue
      }
      foreseen.failedCount += 1
      isOver =
        isOver || batch.isLast(error) || !batch.policy.maximumFailures.allows(foreseen)
    }
  }

  /// Lets the outputs of the group take their names, if it is large or old enough, and reports on its items.
  ///
  /// - Returns: whether the next item is to be begun.
  /// - Throws: what ends the batch.
  @discardableResult
  mutating func settle(
    evenIfFew: Bool, _ report: (BatchEvent<Value>) throws -> Void
  ) throws -> Bool {
    guard evenIfFew || group.isDue || pending.count >= OutputGroup.capacity else { return true }
    defer { pending = [] }
    var failure: (any Error)?
    do {
      try dataset?.commit(&group)
    } catch let error as FileError {
      failure = error
    }
    for outcomes in pending {
      for part in outcomes.parts { try settle(part, failure, report) }
      summary.itemCount += max(outcomes.parts.count, 1) - 1
      if let end = outcomes.end { throw end }
    }
    return failure == nil && !isOver
  }

  private mutating func settle(
    _ part: BatchOutcome<Value>, _ failure: (any Error)?,
    _ report: (BatchEvent<Value>) throws -> Void
  ) throws {
    switch part {
    case .done(let item, let value):
      guard let error = try failure ?? done(item, value, report) else { return }
      try fail(item, error, report)
    case .skipped(let item):
      summary.skippedCount += 1
      try report(.skipped(item))
    case .failed(let item, let error): try fail(item, error, report)
    }
  }

  /// Counts and reports what was done.
  ///
  /// - Returns: why it is a failure all the same.
  private mutating func done(
    _ item: Batch.Item, _ value: Value, _ report: (BatchEvent<Value>) throws -> Void
  ) throws -> (any Error)? {
    if let comparison = value.comparison {
      summary.measure(comparison, bitsPerPixel: value.comparedBitsPerPixel, of: item)
    }
    do {
      try InputError.naming(item.name) { try report(.done(item, value)) }
    } catch let error where !Batch.endsAll(error) {
      return error
    }
    summary.doneCount += 1
    summary.byteCount += value.byteCount
    return nil
  }

  private mutating func fail(
    _ item: Batch.Item, _ error: any Error, _ report: (BatchEvent<Value>) throws -> Void
  ) throws {
    summary.failedCount += 1
    try report(.failed(item, error))
    isOver =
      isOver || batch.isLast(error) || !batch.policy.maximumFailures.allows(summary)
  }
}
