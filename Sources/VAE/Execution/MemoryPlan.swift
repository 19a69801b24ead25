/// Where the tensors of a graph lie: in one arena, so that those that are alive at the same time do not
/// overlap, or with their ends in a temporary file where the arena has no room.
///
/// A node may write over an input that nobody needs afterwards, if its step allows it.
package struct MemoryPlan: Sendable {
  /// Where a tensor lies.
  struct Place: Sendable, Equatable {
    /// The byte of the arena at which it begins.
    let arena: Int
    /// Its first bytes, which lie in the arena.
    let residentByteCount: Int
    /// The byte of the temporary file at which the others begin.
    let file: Int
  }

  /// What a node needs besides its tensors, in bytes.
  struct Demand: Sendable {
    /// Memory that it uses while it runs.
    var workspace = 0
    /// Of each input and then of the output, the largest part that is in memory at a time where the tensor
    /// does not lie in the arena; nil for a node that needs its tensors whole.
    var strips: [Int]?
    /// The inputs, by number, that it may write over if nobody needs them afterwards.
    var replaceableInputs: [Int] = []
  }

  /// The places of the tensors, by number.
  let places: [Place]
  /// The byte of the arena at which each node's workspace begins.
  let workspaceOffsets: [Int]
  /// The bytes of a node's workspace at which the parts of its tensors begin that are in memory a part
  /// at a time: the inputs, then the output; nil for tensors that lie in the arena whole.
  let stripOffsets: [[Int?]]
  /// Bytes of the arena.
  let byteCount: Int
  /// Bytes of the temporary file.
  let fileByteCount: Int

  /// A limit that cannot be kept.
  package struct LimitTooLow: Error {
    /// Bytes of the smallest arena that would do.
    package let byteCount: Int
    /// The limit.
    package let limit: Int
  }

  /// Whether a tensor of the graph lies in the arena whole.
  func isResident(_ value: Graph.Value, in graph: Graph) -> Bool {
    places[value.index].residentByteCount == graph.shape(of: value).byteCount
  }

  /// A plan for `graph`, whose nodes have `demands`.
  ///
  /// - Parameter limit: bytes that the arena may take; nil for as many as it needs.
  /// - Throws: `LimitTooLow`.
  init(_ graph: Graph, demands: [Demand], limit: Int? = nil) throws {
    var layout = BlockLayout(graph, demands: demands)
    layout.place()
    if let limit {
      while layout.byteCount > limit {
        guard layout.spill(layout.byteCount - limit) else {
          throw LimitTooLow(byteCount: layout.byteCount, limit: limit)
        }
        layout.place()
      }
    }
    places = layout.places
    workspaceOffsets = layout.workspaces.map(\.offset)
    stripOffsets = graph.nodes.indices.map { [layout] in layout.workspace(at: $0).stripOffsets }
    byteCount = layout.byteCount
    fileByteCount = layout.fileByteCount
  }
}
