import Dispatch
import Synchronization

/// Work on several threads at the same time whose results come to the caller's thread one by one, in their order.
///
/// The caller alone reports, so that what is printed depends on no thread.
struct OrderedWork {
  /// Threads that work at the same time, at least 1.
  let threads: Int

  /// Tells those who work that nobody waits for the end of it any longer.
  final class Stop: Sendable {
    private let flag = Atomic(false)

    /// Whether the work is to end.
    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
  }

  private struct State<Result> {
    /// Inputs that were taken.
    var taken = 0
    /// Whether no more are taken.
    var isEnding = false
    var results: [Int: Result] = [:]
  }

  /// The caller looks after `waiting` this often, whatever comes.
  private static let interval = DispatchTimeInterval.milliseconds(50)

  /// Does `work` for each input.
  ///
  /// - Parameters:
  ///   - stop: set when an error ends the work; what is in hand is waited for all the same.
  ///   - next: the next input, or nil at their end; called on several threads, one after the other.
  ///   - work: called on several threads at the same time.
  ///   - receive: called on the caller's thread with each result, in the order of the inputs. Nothing more is
  ///     begun after it returned false; what was begun before is still received.
  ///   - waiting: called on the caller's thread at least 20 times a second; like `receive`, it may end the work.
  /// - Throws: what `receive` and `waiting` throw.
  func run<Input: Sendable, Result: Sendable>(
    stop: Stop, next: () -> Input?, _ work: (Input) -> Result,
    receive: (Result) throws -> Bool, waiting: () throws -> Bool
  ) throws {
    guard threads > 1 else {
      while try waiting(), let input = next() {
        guard try receive(work(input)) else { return }
      }
      return
    }
    try withoutActuallyEscaping(next) { next in
      try withoutActuallyEscaping(work) { work in
        try share(stop: stop, next: next, work, receive: receive, waiting: waiting)
      }
    }
  }

  private func share<Input: Sendable, Result: Sendable>(
    stop: Stop, next: @escaping () -> Input?, _ work: @escaping (Input) -> Result,
    receive: (Result) throws -> Bool, waiting: () throws -> Bool
  ) throws {
    // They are called as they allow: one after the other, and at the same time.
    nonisolated(unsafe) let (next, work) = (next, work)
    let state = Mutex(State<Result>())
    let taking = Mutex(())
    let arrived = DispatchSemaphore(value: 0)
    // Results that nobody has received yet take memory.
    let room = DispatchSemaphore(value: 0)
    // A semaphore may not end below the value that it began with.
    for _ in 0..<2 * threads { room.signal() }
    let group = DispatchGroup()
    @Sendable func take() -> (number: Int, input: Input)? {
      taking.withLock { _ in
        guard !state.withLock(\.isEnding), let input = unsafe next() else {
          state.withLock { $0.isEnding = true }
          return nil
        }
        return state.withLock { state in
          // Meanwhile somebody may have ended the work.
          guard !state.isEnding else { return nil }
          defer { state.taken += 1 }
          return (state.taken, input)
        }
      }
    }
    for _ in 0..<threads {
      DispatchQueue.global().async(group: group) {
        while true {
          room.wait()
          guard let (number, input) = take() else {
            // The next one that waits finds the same.
            room.signal()
            arrived.signal()
            return
          }
          let result = unsafe work(input)
          state.withLock { $0.results[number] = result }
          arrived.signal()
        }
      }
    }
    func end() {
      state.withLock { $0.isEnding = true }
      room.signal()
    }
    defer {
      end()
      group.wait()
    }
    do {
      var received = 0
      while true {
        if !(try waiting()) { end() }
        let (result, isOver) = state.withLock { state in
          (
            state.results.removeValue(forKey: received),
            state.isEnding && received == state.taken
          )
        }
        if let result {
          received += 1
          if !(try receive(result)) { end() }
          room.signal()
        } else if isOver {
          return
        } else {
          _ = arrived.wait(timeout: .now() + Self.interval)
        }
      }
    } catch {
      stop.set()
      throw error
    }
  }
}
