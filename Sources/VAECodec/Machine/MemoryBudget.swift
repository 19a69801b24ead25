import Dispatch
import Synchronization
import VAE

/// The memory of the process, which all calls that run in it share.
///
/// A call reserves what its plan takes before it begins. While others run, it begins only if there is room
/// for the plan as it is; else it waits its turn, and when it is alone it takes what there is, with a
/// temporary file where that is too little. So no call is planned smaller because of others, and together
/// they keep to a limit that each of them has.
final class MemoryBudget: Sendable {
  /// That of this process.
  static let process = MemoryBudget()

  private struct State {
    /// Bytes that the calls that run have reserved, by their numbers.
    var reserved: [Int: Int] = [:]
    /// Those that wait, in the order in which they came.
    var waiting: [(number: Int, turn: DispatchSemaphore)] = []
    var lastNumber = 0
  }

  /// What a call may take that begins.
  private struct Admission {
    /// In bytes; nil where nothing limits it.
    let limit: Int?
  }

  private let state = Mutex(State())

  /// Waiting is interrupted this often to see whether the task was cancelled.
  private static let interval = DispatchTimeInterval.milliseconds(50)

  /// Runs `body` with memory reserved for it.
  ///
  /// - Parameters:
  ///   - available: bytes that the process may still take; nil where nothing limits it.
  ///   - needed: bytes that the call takes if it may take so many; nil stands for as many as it wants.
  ///   - body: gets the bytes that it may take.
  /// - Throws: `CancellationError` if the task is cancelled while it waits, and what the closures throw.
  func reserving<Result>(
    available: () -> Int?, needed: (_ limit: Int?) throws -> Int,
    _ body: (_ limit: Int?) throws -> Result
  ) throws -> Result {
    let turn = DispatchSemaphore(value: 0)
    let number = state.withLock { state in
      state.lastNumber += 1
      state.waiting.append((state.lastNumber, turn))
      return state.lastNumber
    }
    defer { end(number) }
    while true {
      try Task.checkCancellation()
      if let admission = try admit(number, available: available, needed: needed) {
        return try body(admission.limit)
      }
      _ = turn.wait(timeout: .now() + Self.interval)
    }
  }

  /// Lets a call begin if it is the first that waits and there is room; nil if it has to wait.
  private func admit(
    _ number: Int, available: () -> Int?, needed: (_ limit: Int?) throws -> Int
  ) throws -> Admission? {
    // What a call needs is planned outside of the lock; nobody but the first in the row gets this far.
    let others = state.withLock { state in
      state.waiting.first?.number == number ? state.reserved.values.reduce(0, +) : nil
    }
    guard let others else { return nil }
    let limit = available().map { $0 - others }
    let bytes = try needed(others == 0 ? limit : nil)
    if others > 0, let limit, bytes > limit { return nil }
    state.withLock { state in
      state.waiting.removeFirst()
      state.reserved[number] = bytes
      state.waiting.first?.turn.signal()
    }
    return Admission(limit: limit)
  }

  /// Gives back what a call reserved, or takes it out of the row.
  private func end(_ number: Int) {
    state.withLock { state in
      state.reserved[number] = nil
      state.waiting.removeAll { $0.number == number }
      state.waiting.first?.turn.signal()
    }
  }
}
