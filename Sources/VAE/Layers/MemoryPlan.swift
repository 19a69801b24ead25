/// Where in one arena each tensor of a graph lies, so that tensors that are alive at the same time do
/// not overlap.
///
/// A convolution that adds a residual nobody needs afterwards writes over it: the sum is formed where
/// the residual lies.
struct MemoryPlan: Sendable {
  /// The byte at which each tensor begins, by number.
  let offsets: [Int]
  /// Bytes of the arena.
  let byteCount: Int

  /// Tensors that share one place, and the time during which it is taken.
  private struct Block {
    var values: [Int]
    var byteCount: Int
    /// Numbers of the nodes that first write and last use it.
    var lifetime: ClosedRange<Int>
    var offset = 0
  }

  /// A plan for `graph`.
  init(_ graph: Graph) {
    var blocks = MemoryPlan.blocks(of: graph)
    // Large blocks first: the small ones find room between them.
    let order = blocks.indices.sorted {
      (blocks[$1].byteCount, $0) < (blocks[$0].byteCount, $1)
    }
    var placed: [Block] = []
    for index in order {
      let neighbours =
        placed
        .filter { $0.lifetime.overlaps(blocks[index].lifetime) }
        .sorted { $0.offset < $1.offset }
      var offset = 0
      for neighbour in neighbours {
        if offset + blocks[index].byteCount <= neighbour.offset { break }
        offset = max(offset, neighbour.offset + neighbour.byteCount)
      }
      blocks[index].offset = offset
      placed.append(blocks[index])
    }
    var offsets = [Int](repeating: 0, count: graph.shapes.count)
    for block in blocks {
      for value in block.values { offsets[value] = block.offset }
    }
    self.offsets = offsets
    byteCount = blocks.map { $0.offset + $0.byteCount }.max() ?? 0
  }

  private static func blocks(of graph: Graph) -> [Block] {
    let lastUses = lastUses(of: graph)
    let alignment = Arena.alignment
    func block(_ value: Int, from start: Int) -> Block {
      let byteCount = (graph.shapes[value].byteCount + alignment - 1) / alignment * alignment
      return Block(
        values: [value], byteCount: byteCount, lifetime: start...max(start, lastUses[value]))
    }
    var blocks = [block(graph.input.index, from: 0)]
    var blockOfValue = [graph.input.index: 0]
    for (time, node) in graph.nodes.enumerated() {
      if let residual = node.replaceableResidual, lastUses[residual.index] == time,
        let shared = blockOfValue[residual.index]
      {
        blocks[shared].values.append(node.output.index)
        let end = max(time, lastUses[node.output.index])
        blocks[shared].lifetime = blocks[shared].lifetime.lowerBound...end
        blockOfValue[node.output.index] = shared
      } else {
        blockOfValue[node.output.index] = blocks.count
        blocks.append(block(node.output.index, from: time))
      }
    }
    return blocks
  }

  /// The number of the last node that reads each tensor; the output is read after all of them.
  private static func lastUses(of graph: Graph) -> [Int] {
    var lastUses = [Int](repeating: 0, count: graph.shapes.count)
    for (time, node) in graph.nodes.enumerated() {
      for input in node.inputs { lastUses[input.index] = time }
    }
    lastUses[graph.output.index] = graph.nodes.count
    return lastUses
  }
}

extension Graph.Node {
  /// The tensor that this node may write over: a residual that is not also convolved.
  fileprivate var replaceableResidual: Graph.Value? {
    guard case .convolution = operation, inputs.count == 2, inputs[0] != inputs[1] else {
      return nil
    }
    return inputs[1]
  }
}
