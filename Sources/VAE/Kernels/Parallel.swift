import Dispatch
import Synchronization

/// The one place where work is spread over threads.
///
/// Workers take the indices of a loop in order, whichever is free. What an index computes may depend
/// on nothing but the index, so that results are the same for any number of threads.
package struct Parallel: Sendable {
  /// Threads that work at the same time, at least 1.
  package let threads: Int

  /// A pool of `threads` threads.
  ///
  /// - Precondition: `threads` is positive.
  package init(threads: Int) {
    precondition(threads > 0, "\(threads) threads cannot work")
    self.threads = threads
  }

  /// Calls `body` once for each index below `count`, on several threads, and returns when all calls
  /// have. After an error no further index is begun.
  ///
  /// - Parameter body: gets an index that no other call gets, and the number of the worker that runs
  ///   it, below `threads`: two calls at the same time have different workers, so scratch memory can
  ///   be kept for each.
  /// - Throws: of the errors of `body`, the one of the lowest index.
  package func forEach(_ count: Int, _ body: (_ index: Int, _ worker: Int) throws -> Void) throws {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { try body(index, 0) }
      return
    }
    // The closure outlives no call, and calls at the same time get different indices and workers.
    nonisolated(unsafe) let body = body
    let next = Atomic(0)
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        do {
          unsafe try body(index, worker)
        } catch {
          failure.withLock { failure in
            // Those below it have begun, and may fail later in time.
            if index < failure?.index ?? count { failure = (index, error) }
          }
          next.store(count, ordering: .relaxed)
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  /// What `body` makes of each index below `count`, in the order of the indices.
  ///
  /// - Throws: of the errors of `body`, the one of the lowest index.
  package func map<Result: Sendable>(
    _ count: Int, _ body: (_ index: Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    try forEach(count) { index, _ in
      let result = try body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}
