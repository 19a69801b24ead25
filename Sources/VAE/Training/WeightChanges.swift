import Synchronization

/// Sees to it that weights prepared for earlier runs are not used once the tensors have changed.
final class WeightChanges: Sendable {
  private let pool: MemoryPool
  private let seen = Mutex(0)

  /// Watches over the prepared weights that `pool` keeps.
  init(_ pool: MemoryPool) { self.pool = pool }

  /// Lets everything be prepared anew that was prepared before the last of `changes` changes.
  ///
  /// - Precondition: nothing runs in the pool's memory.
  func prepare(for changes: Int) {
    seen.withLock { seen in
      if seen != changes { pool.expireWeights() }
      seen = changes
    }
  }
}
