import Synchronization

/// The memory that the runs of a model leave for the next ones: one arena, whose pages need not be asked for
/// again, and prepared weights.
final class MemoryPool: Sendable {
  /// Bytes up to which weights are kept, together with the arena of the run that prepares them: in larger
  /// pictures the preparation is a small part of the work, and the weights would add to the peak.
  static let maximumByteCount = 64 << 20

  private struct State {
    var arena: Arena?
    var weights: [String: KeptWeights] = [:]
    var weightByteCount = 0
  }

  private let state = Mutex(State())

  /// Bytes of the arena that nobody uses.
  var idleByteCount: Int { state.withLock { $0.arena?.byteCount ?? 0 } }

  /// An arena of at least `byteCount` bytes: the one that was kept if it is large enough.
  ///
  /// - Throws: `OutOfMemory`.
  func arena(byteCount: Int) throws -> Arena {
    // One that is too small is given back before a larger one is asked for.
    let kept = state.withLock { state -> Arena? in
      defer { state.arena = nil }
      return state.arena
    }
    if let kept, kept.byteCount >= byteCount { return kept }
    return try Arena(byteCount: byteCount)
  }

  /// Keeps an arena that nobody uses any longer, the largest of several.
  func keep(_ arena: Arena) {
    state.withLock { state in
      if state.arena.map({ $0.byteCount < arena.byteCount }) ?? true { state.arena = arena }
    }
  }

  /// Forgets the kept weights: the tensors that they were made of have changed.
  ///
  /// - Precondition: nothing runs in the pool's memory.
  func dropWeights() {
    state.withLock { state in
      state.weights = [:]
      state.weightByteCount = 0
    }
  }

  /// The kept weights called `name`, or nil if they are not kept; the caller prepares others then.
  ///
  /// - Parameters:
  ///   - room: bytes that all kept weights together may take.
  ///   - prepare: writes the weights, if they are to be kept from now on.
  /// - Throws: what `prepare` throws.
  func weights(
    named name: String, byteCount: Int, room: Int,
    prepare: (UnsafeMutableRawPointer) throws -> Void
  ) throws -> UnsafeRawPointer? {
    enum Answer { case kept(KeptWeights), prepare(KeptWeights), none }
    let answer = state.withLock { state -> Answer in
      if let kept = state.weights[name] { return kept.isReady ? .kept(kept) : .none }
      guard state.weightByteCount + byteCount <= room else { return .none }
      let weights = KeptWeights(byteCount: byteCount)
      state.weights[name] = weights
      state.weightByteCount += byteCount
      return .prepare(weights)
    }
    switch answer {
    case .none: return nil
    case .kept(let kept): return unsafe UnsafeRawPointer(kept.memory)
    case .prepare(let weights):
      do {
        try unsafe prepare(weights.memory)
      } catch {
        state.withLock { state in
          state.weights[name] = nil
          state.weightByteCount -= byteCount
        }
        throw error
      }
      weights.markReady()
      return unsafe UnsafeRawPointer(weights.memory)
    }
  }
}

/// Prepared weights in memory of their own.
///
/// `@unchecked Sendable` because the memory is written before the flag says that it is ready, and never again.
@safe private final class KeptWeights: @unchecked Sendable {
  let memory: UnsafeMutableRawPointer
  private let ready = Atomic(false)

  init(byteCount: Int) {
    unsafe memory = .allocate(byteCount: max(byteCount, 1), alignment: Arena.alignment)
  }

  deinit { unsafe memory.deallocate() }

  var isReady: Bool { ready.load(ordering: .acquiring) }

  func markReady() { ready.store(true, ordering: .releasing) }
}
