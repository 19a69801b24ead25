import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import VAECodec

/// Calls that share the memory of a process.
@Suite struct MemoryBudgetTests {
  /// Four encodes at once, of which one takes more than half of what the limit leaves. Runs in a process of
  /// its own, whose peak is that of these calls.
  @Test func `concurrent calls of one codec keep to its limit`() async {
    await #expect(processExitsWith: .success) {
      let side = 512
      let image = Image(
        width: side, height: side,
        color: .bits8((0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }))
      let plan = try Codec().plan(encodingWidth: side, height: side)
      let resident = try #require(ProcessMemory.residentByteCount)
      let network = plan.peakMemoryByteCount - resident
      let limit = resident + network * 3 / 2 + Resources.headroom + Resources.variation
      let codec = try Codec(resources: Resources(threads: 1, maximumMemory: limit))
      let failures = Mutex<[any Error]>([])
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        do { _ = try codec.encode(image) } catch { failures.withLock { $0.append(error) } }
      }
      let peak = try #require(ProcessMemory.peakByteCount)
      #expect(failures.withLock { $0.isEmpty })
      #expect(peak > resident + network / 2 && peak <= limit, "\(peak) of \(limit) bytes")
    }
  }

  /// Bytes that are reserved at the same time, and the most of them so far.
  private final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0))

    func add(_ bytes: Int) {
      state.withLock { state in
        state.now += bytes
        state.most = max(state.most, state.now)
      }
    }

    var most: Int { state.withLock { $0.most } }
  }

  @Test func `calls wait until there is room for them`() async throws {
    let (budget, gauge) = (MemoryBudget(), Gauge())
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...12 {
        group.addTask {
          try budget.reserving(available: { 100 }, needed: { _ in 10 * (number % 4) + 20 }) {
            limit in
            gauge.add(10 * (number % 4) + 20)
            try waitALittle()
            gauge.add(-10 * (number % 4) - 20)
            return limit ?? 0
          }
        }
      }
      for try await limit in group { #expect((20...100).contains(limit)) }
    }
    #expect(gauge.most <= 100, "\(gauge.most)")
  }

  @Test func `a call that is alone takes what there is, and one among others what it wants`() throws
  {
    let budget = MemoryBudget()
    let outcome = try budget.reserving(
      available: { 100 }, needed: { $0.map { min($0, 500) } ?? 500 }
    ) { limit in
      #expect(limit == 100)
      return try budget.reserving(available: { 1000 }, needed: { $0 ?? 300 }) { $0 }
    }
    #expect(outcome == 900)
  }

  @Test func `a call that fails leaves its room to others`() throws {
    struct Failure: Error {}
    let budget = MemoryBudget()
    #expect(throws: Failure.self) {
      try budget.reserving(available: { 10 }, needed: { _ in throw Failure() }) { _ in }
    }
    #expect(throws: Failure.self) {
      try budget.reserving(available: { 10 }, needed: { _ in 10 }) { _ in throw Failure() }
    }
    #expect(try budget.reserving(available: { 10 }, needed: { _ in 10 }) { $0 } == 10)
  }

  @Test func `a call that waits ends when its task is cancelled`() async throws {
    let budget = MemoryBudget()
    let waiting = try budget.reserving(available: { 10 }, needed: { _ in 10 }) { _ in
      Task { try budget.reserving(available: { 10 }, needed: { _ in 10 }) { _ in } }
    }
    _ = try await waiting.value
    let cancelled = try budget.reserving(available: { 10 }, needed: { _ in 10 }) { _ in
      let task = Task { try budget.reserving(available: { 10 }, needed: { _ in 10 }) { _ in } }
      task.cancel()
      try waitALittle()
      return task
    }
    await #expect(throws: CancellationError.self) { try await cancelled.value }
  }
}

/// Lets others run.
private func waitALittle() throws {
  let start = ContinuousClock.now
  while ContinuousClock.now - start < .milliseconds(20) {}
}
