import Synchronization
import Testing
import VAE

/// Loops that are spread over threads.
@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 5, 16], [0, 1, 2, 7, 1000])
  func `each index is worked on once, by a worker of the pool`(threads: Int, count: Int) throws {
    let calls = Mutex([Int](repeating: 0, count: count))
    let largestWorker = Atomic(0)
    try Parallel(threads: threads).forEach(count) { index, worker in
      calls.withLock { $0[index] += 1 }
      largestWorker.max(worker, ordering: .relaxed)
    }
    #expect(calls.withLock { $0.allSatisfy { $0 == 1 } })
    #expect(largestWorker.load(ordering: .relaxed) < threads)
  }

  @Test func `two calls at the same time have different workers`() throws {
    let busy = Mutex(Set<Int>())
    let collisions = Atomic(0)
    try Parallel(threads: 4).forEach(2000) { _, worker in
      if !busy.withLock({ $0.insert(worker).inserted }) { collisions.add(1, ordering: .relaxed) }
      busy.withLock { _ = $0.remove(worker) }
    }
    #expect(collisions.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [1, 2, 5])
  func `an error ends the loop and is thrown`(threads: Int) {
    let begun = Atomic(0)
    #expect(throws: Stop(index: 10)) {
      try Parallel(threads: threads).forEach(1_000_000) { index, _ in
        begun.add(1, ordering: .relaxed)
        if index == 10 { throw Stop(index: index) }
      }
    }
    // After the error each other thread may finish what it has begun; a busy machine may let one of
    // them run on for a while, but not to the end.
    #expect(begun.load(ordering: .relaxed) < 1_000_000)
  }

  private struct Stop: Error, Equatable {
    let index: Int
  }
}
