import Synchronization

/// The sessions of a model: of the sizes that were run last, with the memory that they share.
final class SessionCache: Sendable {
  /// What a session is for.
  private struct Key: Hashable {
    let network: String
    let height: Int
    let width: Int
    let threads: Int
    let instructionSet: InstructionSet
    let precision: Precision
    let convolutions: ConvolutionChoice
  }

  /// Sizes that are kept: a data set has a few, and a plan is small.
  private static let capacity = 16

  /// The memory of all sessions.
  let pool: MemoryPool
  /// The one that was used last stands last.
  private let sessions = Mutex<[(key: Key, session: Session)]>([])

  /// Sessions that share the memory of `pool`.
  init(_ pool: MemoryPool) { self.pool = pool }

  /// The session of `network` for inputs of this size.
  ///
  /// - Parameters:
  ///   - options: what the plan depends on; the limit does not matter here.
  ///   - graph: makes the graph where there is no such session.
  /// - Throws: what `graph` throws.
  func session(
    _ network: String, height: Int, width: Int, _ options: ExecutionOptions,
    graph: () throws -> Graph
  ) throws -> Session {
    let key = Key(
      network: network, height: height, width: width, threads: options.parallel.threads,
      instructionSet: options.kernels.instructionSet, precision: options.precision,
      convolutions: options.convolutions)
    let kept = sessions.withLock { sessions -> Session? in
      guard let index = sessions.firstIndex(where: { $0.key == key }) else { return nil }
      sessions.append(sessions.remove(at: index))
      return sessions.last?.session
    }
    if let kept { return kept }
    var unlimited = options
    unlimited.memoryLimit = nil
    unlimited.observer = nil
    let session = try Session(graph(), unlimited, pool)
    sessions.withLock { sessions in
      sessions.append((key, session))
      if sessions.count > Self.capacity { sessions.removeFirst() }
    }
    return session
  }
}
