import Synchronization

/// The memory that the runs of a model leave for the next ones: arenas, whose pages need not be asked for again,
/// and prepared weights.
final class MemoryPool: Sendable {
  /// Bytes up to which weights are kept, together with the arena of the run that prepares them: in larger
  /// pictures the preparation is a small part of the work, and the weights would add to the peak.
  let maximumByteCount: Int
  private let arenaCount: Int

  private struct State {
    /// The largest stands last.
    var arenas: [Arena] = []
    var weights: [String: KeptWeights] = [:]
    var weightByteCount = 0
  }

  private let state = Mutex(State())

  /// A pool that keeps up to `arenaCount` arenas: as many as there are runs at the same time.
  init(arenaCount: Int = 1, maximumByteCount: Int = 64 << 20) {
    self.arenaCount = arenaCount
    self.maximumByteCount = maximumByteCount
  }

  /// Bytes of the arenas that nobody uses.
  var idleByteCount: Int { state.withLock { $0.arenas.reduce(0) { $0 + $1.byteCount } } }

  /// An arena of at least `byteCount` bytes: one that was kept if it is large enough.
  ///
  /// - Throws: `OutOfMemory`.
  func arena(byteCount: Int) throws -> Arena {
    // One that is too small is given back before a larger one is asked for.
    let kept = state.withLock { $0.arenas.popLast() }
    if let kept, kept.byteCount >= byteCount { return kept }
    return try Arena(byteCount: byteCount)
  }

  /// Keeps an arena that nobody uses any longer, the largest of several.
  func keep(_ arena: Arena) {
    state.withLock { state in
      let place = state.arenas.firstIndex { $0.byteCount > arena.byteCount }
      state.arenas.insert(arena, at: place ?? state.arenas.count)
      if state.arenas.count > arenaCount { state.arenas.removeFirst() }
    }
  }

  /// Says that the tensors have changed that the kept weights were made of. Their memory is kept.
  ///
  /// - Precondition: nothing runs in the pool's memory.
  func expireWeights() {
    state.withLock { state in
      for weights in state.weights.values { weights.phase = .stale }
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
    let (weights, phase) = state.withLock { state -> (KeptWeights?, KeptWeights.Phase) in
      if let kept = state.weights[name] {
        defer { if kept.phase == .stale { kept.phase = .preparing } }
        return (kept, kept.phase)
      }
      guard state.weightByteCount + byteCount <= room else { return (nil, .preparing) }
      let weights = KeptWeights(byteCount: byteCount)
      state.weights[name] = weights
      state.weightByteCount += byteCount
      return (weights, .stale)
    }
    guard let weights, phase != .preparing else { return nil }
    if phase == .stale {
      var isReady = false
      defer { state.withLock { _ in weights.phase = isReady ? .ready : .stale } }
      try unsafe prepare(weights.memory)
      isReady = true
    }
    return unsafe UnsafeRawPointer(weights.memory)
  }
}

/// Prepared weights in memory of their own.
///
/// `@unchecked Sendable` because the pool's lock guards the phase, and the memory belongs to whoever made it
/// `.preparing` until it is something else.
@safe private final class KeptWeights: @unchecked Sendable {
  enum Phase { case stale, preparing, ready }

  let memory: UnsafeMutableRawPointer
  var phase = Phase.preparing

  init(byteCount: Int) {
    unsafe memory = .allocate(byteCount: max(byteCount, 1), alignment: Arena.alignment)
  }

  deinit { unsafe memory.deallocate() }
}
