import Synchronization

/// Asks a batch to end early: what is in hand is finished, and nothing more is begun.
public final class StopRequest: Sendable {
  private let flag = Atomic(false)

  /// A request that nobody has made yet.
  public init() {}

  /// Whether the batch is to end.
  public var isMade: Bool { flag.load(ordering: .relaxed) }

  /// Makes the request; may be called from any thread.
  public func make() { flag.store(true, ordering: .relaxed) }
}
