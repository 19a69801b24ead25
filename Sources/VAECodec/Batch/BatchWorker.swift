/// What the work on an item is done with.
struct BatchWorker: Sendable {
  /// Threads that it may use: one while other items keep the others busy.
  let threads: Int
  private let stop: OrderedWork.Stop
  /// Takes the files that the work makes.
  let output: any OutputSink

  init(threads: Int, stop: OrderedWork.Stop, dataset: DatasetFolder?) {
    self.threads = threads
    self.stop = stop
    output = dataset.map { DatasetOutput($0) } ?? ImmediateOutput()
  }

  /// The files that were made and have not taken their names yet.
  var staged: [StagedFile] { (output as? DatasetOutput)?.files ?? [] }

  /// Throws where nobody waits for the work any longer.
  ///
  /// - Throws: `CancellationError`.
  func checkStop() throws {
    if stop.isSet { throw CancellationError() }
  }

  /// A handler that ends the work where nobody waits for it any longer, and else calls `handler`.
  func stopping(_ handler: @escaping Codec.ProgressHandler) -> Codec.ProgressHandler {
    { fraction in
      try checkStop()
      try handler(fraction)
    }
  }
}

/// A part of an item, with what was opened for it: the item itself, or one of several latents of its file.
struct BatchPart<Opened: Sendable>: Sendable {
  let item: Batch.Item
  let opened: Opened
}

/// What became of a part, before it is reported.
enum BatchOutcome<Value: BatchResult>: Sendable {
  case done(Batch.Item, Value)
  case skipped(Batch.Item)
  case failed(Batch.Item, any Error)
}

/// What became of all parts of an item.
struct BatchOutcomes<Value: BatchResult>: Sendable {
  var parts: [BatchOutcome<Value>] = []
  /// What ends the batch without a word on the item.
  var end: (any Error)?
  /// What the item made and what the journal says of it, where there is one.
  var record: DatasetRecord?
}
