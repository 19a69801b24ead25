import Glibc
import Synchronization
import Testing

@testable import VAECodec

/// Work on several threads whose results come in order.
@Suite struct OrderedWorkTests {
  private struct Failure: Error {}

  @Test(arguments: [1, 2, 5])
  func `results come in order, and each number once`(threads: Int) throws {
    var received: [Int] = []
    var numbers = (0..<50).makeIterator()
    try OrderedWork(threads: threads).run(stop: .init(), next: { numbers.next() }) { index in
      // The first ones end last.
      usleep(UInt32(index % 5 == 0 ? 4000 : 100))
      return index
    } receive: { index in
      received.append(index)
      return true
    } waiting: {
      true
    }
    #expect(received == Array(0..<50))
  }

  @Test(arguments: [1, 3])
  func `who is not content begins nothing more, and gets what was begun`(threads: Int) throws {
    let begun = Mutex(0)
    var count = 0
    var numbers = (0..<1000).makeIterator()
    try OrderedWork(threads: threads).run(stop: .init(), next: { numbers.next() }) { _ in
      begun.withLock { $0 += 1 }
    } receive: { _ in
      count += 1
      return count < 10
    } waiting: {
      true
    }
    #expect(count == begun.withLock { $0 } && 10..<30 ~= count)
  }

  @Test func `an error ends the work and tells those who work`() {
    let stop = OrderedWork.Stop()
    let begun = Atomic(false)
    let noticed = Atomic(false)
    #expect(throws: Failure.self) {
      var numbers = (0..<10).makeIterator()
      try OrderedWork(threads: 2).run(stop: stop, next: { numbers.next() }) { index in
        guard index > 0 else {
          while !begun.load(ordering: .relaxed) { usleep(100) }
          return
        }
        begun.store(true, ordering: .relaxed)
        while !stop.isSet { usleep(100) }
        noticed.store(true, ordering: .relaxed)
      } receive: { _ in
        throw Failure()
      } waiting: {
        true
      }
    }
    let isNoticed = noticed.load(ordering: .relaxed)
    #expect(isNoticed)
  }
}
