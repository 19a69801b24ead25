import Synchronization
import VAE

/// What is done with an item, on whatever thread.
struct BatchWorkers<Opened: Sendable, Value: BatchResult> {
  private let batch: Batch
  private let dataset: DatasetFolder?
  private let open: (Batch.Item) throws -> [BatchPart<Opened>]
  private let work: (BatchPart<Opened>, BatchWorker) throws -> Value
  private let checkExisting: (BatchPart<Opened>, _ output: String) throws -> Void
  private let outputs: Outputs

  /// The outputs of the batch with the names of their items: parts of an item have names that nobody could
  /// know before it was opened.
  private final class Outputs: Sendable {
    private let names: Mutex<[[UInt8]: String]>

    init(of items: [Batch.Item]) {
      names = Mutex(
        Dictionary(
          items.compactMap { item in item.output.map { ($0.pathBytes, item.name) } },
          uniquingKeysWith: { $1 }))
    }

    /// - Throws: `BatchError.sameOutput` if another item or part has the output of `part`.
    func add(_ part: Batch.Item) throws {
      guard let output = part.output else { return }
      let other = names.withLock { $0.updateValue(part.name, forKey: output.pathBytes) }
      guard let other else { return }
      throw BatchError.sameOutput(first: other, second: part.name, output: output)
    }
  }

  init(
    batch: Batch, dataset: DatasetFolder?,
    open: @escaping (Batch.Item) throws -> [BatchPart<Opened>],
    work: @escaping (BatchPart<Opened>, BatchWorker) throws -> Value,
    checkExisting: @escaping (BatchPart<Opened>, _ output: String) throws -> Void
  ) {
    self.batch = batch
    self.dataset = dataset
    self.open = open
    self.work = work
    self.checkExisting = checkExisting
    outputs = Outputs(of: batch.items)
  }

  /// Works on `item`.
  func outcomes(of item: Batch.Item, _ worker: BatchWorker) -> BatchOutcomes<Value> {
    guard let dataset, let key = item.key else {
      var outcomes = BatchOutcomes<Value>()
      attempt(item, &outcomes) {
        if item.key != nil {
          _ = try FileStamp(item.input)
          try item.output.map { try OutputFolder.make(FileSystem.parent(of: $0)) }
        }
        // What goes into a folder may be several files; of others it is known at once whether they may be
        // written.
        if batch.folder == nil { _ = try mayBeDone(item) }
        return try open(item)
      }.map { run($0, worker, &outcomes) }
      return outcomes
    }
    return outcomes(of: item, key, in: dataset, worker)
  }
}

extension BatchWorkers {
  private func attempt<Result>(
    _ item: Batch.Item, _ outcomes: inout BatchOutcomes<Value>, _ body: () throws -> Result
  ) -> Result? {
    do {
      return try InputError.naming(item.name, body)
    } catch let error where Batch.endsAll(error) {
      outcomes.end = error
    } catch {
      outcomes.parts.append(.failed(item, error))
    }
    return nil
  }

  /// Works on the parts of an item, one after the other.
  private func run(
    _ parts: [BatchPart<Opened>], _ worker: BatchWorker, _ outcomes: inout BatchOutcomes<Value>
  ) {
    for part in parts where outcomes.end == nil {
      let item = part.item
      let outcome = attempt(item, &outcomes) { () -> BatchOutcome<Value> in
        try worker.checkStop()
        if parts.count > 1 { try outputs.add(item) }
        if dataset == nil, let output = item.output, try mayBeDone(item) {
          try checkExisting(part, output)
          return .skipped(item)
        }
        return .done(item, try work(part, worker))
      }
      if let outcome { outcomes.parts.append(outcome) }
      if case .failed(_, let error) = outcomes.parts.last, batch.isLast(error) { return }
    }
  }

  /// Checks before long work that the output may be written.
  ///
  /// - Returns: whether it exists, and is to be passed over if it is what would be written.
  /// - Throws: `FileError`.
  private func mayBeDone(_ item: Batch.Item) throws -> Bool {
    guard let output = item.output else { return false }
    do {
      try OutputFile.check(output, replacing: batch.policy.replaces)
      return false
    } catch FileError.exists where batch.policy.existingFiles == .skip {
      return true
    }
  }
}

extension BatchWorkers {
  /// Works on an item of a data set, unless the journal or what is on the disk shows that it is done.
  private func outcomes(
    of item: Batch.Item, _ key: String, in dataset: DatasetFolder, _ worker: BatchWorker
  ) -> BatchOutcomes<Value> {
    var outcomes = BatchOutcomes<Value>()
    let source = attempt(item, &outcomes) { try FileStamp(item.input) }
    if let source {
      work(on: item, key, source, in: dataset, worker, &outcomes)
    }
    guard let error = outcomes.error else { return outcomes }
    worker.staged.forEach { $0.discard() }
    // An item is done when all of its parts are.
    outcomes.parts = outcomes.parts.map { part in
      if case .done(let item, _) = part { .failed(item, error) } else { part }
    }
    let reason = (error as? InputError)?.reason ?? error
    if outcomes.end == nil, !(reason is EarlierFailure), !batch.isLast(error) {
      outcomes.record = DatasetRecord(dataset.failure(of: key, source, "\(reason)"))
    }
    return outcomes
  }

  private func work(
    on item: Batch.Item, _ key: String, _ source: FileStamp, in dataset: DatasetFolder,
    _ worker: BatchWorker, _ outcomes: inout BatchOutcomes<Value>
  ) {
    let state = dataset.state(of: key, source, outputs: item.outputs)
    switch state {
    case .done: outcomes.parts = [.skipped(item)]
    case .failed(let error):
      outcomes.parts = [.failed(item, InputError(path: item.name, reason: error))]
    case .undone(var replacing):
      guard let parts = attempt(item, &outcomes, { try open(item) }) else { return }
      let outputs = parts.compactMap(\.item.output)
      if !replacing, outputs.contains(where: FileSystem.exists) {
        let check = Result { try checkExisting(parts, outputs, key, source, dataset) }
        switch check {
        case .success(let record?):
          outcomes.parts = [.skipped(item)]
          outcomes.record = record
          return
        case .success(nil): break
        case .failure(let error) where !dataset.mayReplaceUnknown(of: key):
          _ = attempt(item, &outcomes) { throw error }
          return
        case .failure: break
        }
        replacing = dataset.mayReplaceUnknown(of: key)
      }
      run(parts, worker, &outcomes)
      if outcomes.error == nil {
        outcomes.record = DatasetRecord(key, source, worker.staged, replacing: replacing)
      }
    }
  }

  /// Holds outputs that are there, though the journal says nothing of them, against what would be written: the
  /// run that wrote them may have ended before it could say so.
  ///
  /// - Returns: what the journal is to say of them; nil if they cannot be of the input as it is now.
  /// - Throws: what is wrong with them.
  private func checkExisting(
    _ parts: [BatchPart<Opened>], _ outputs: [String], _ key: String, _ source: FileStamp,
    _ dataset: DatasetFolder
  ) throws -> DatasetRecord? {
    guard dataset.mayBeDone(key, source, outputs) else {
      if dataset.mayReplaceUnknown(of: key) { return nil }
      throw FileError.exists(path: outputs.first(where: FileSystem.exists) ?? "")
    }
    for (part, output) in zip(parts, outputs) { try checkExisting(part, output) }
    return try DatasetRecord(existing: outputs, key, source)
  }
}

extension BatchOutcomes {
  /// The first failure.
  fileprivate var error: (any Error)? {
    for case .failed(_, let error) in parts { return error }
    return end
  }
}

extension Batch {
  /// Whether nobody is left to hear of a failure.
  static func endsAll(_ error: any Error) -> Bool {
    switch error {
    case FileError.brokenPipe, FileError.diskFull(path: OutputFile.standardOutput): true
    default: error is CancellationError
    }
  }

  /// Whether nothing is begun after a failure.
  func isLast(_ failure: any Error) -> Bool {
    if case FileError.diskFull = failure { return true }
    return policy.stopsAtFailure
  }
}
