/// The blocks of memory that a graph needs, and where they lie: the working state of a `MemoryPlan`.
struct BlockLayout {
  /// Memory that is taken during a time.
  struct Block {
    var byteCount: Int
    /// Numbers of the nodes that first write and last use it.
    var lifetime: ClosedRange<Int>
    var offset = 0
  }

  private let graph: Graph
  private let demands: [MemoryPlan.Demand]
  /// What tensors lie in; those that share a place share a block.
  private var tensors: [Block] = []
  /// The number of the block of each tensor.
  private var blockOfValue: [Int]
  /// The bytes of each block that lie in the arena; the others lie in the file.
  private var residentByteCounts: [Int] = []
  private var fileOffsets: [Int] = []
  /// The workspaces of the nodes.
  private(set) var workspaces: [Block] = []
  /// Bytes of the arena.
  private(set) var byteCount = 0
  /// Bytes of the file.
  private(set) var fileByteCount = 0

  /// The blocks of `graph`, none of them placed.
  init(_ graph: Graph, demands: [MemoryPlan.Demand]) {
    self.graph = graph
    self.demands = demands
    blockOfValue = [Int](repeating: 0, count: graph.shapes.count)
    addTensors()
    residentByteCounts = tensors.map(\.byteCount)
    fileOffsets = [Int](repeating: 0, count: tensors.count)
  }

  private static func rounded(_ byteCount: Int) -> Int {
    byteCount.roundedUp(toMultipleOf: Arena.alignment)
  }

  private mutating func addTensors() {
    let lastUses = graph.lastUses
    func add(_ value: Graph.Value, from start: Int) {
      blockOfValue[value.index] = tensors.count
      tensors.append(
        Block(
          byteCount: Self.rounded(graph.shape(of: value).byteCount),
          lifetime: start...max(start, lastUses[value.index])))
    }
    for input in graph.inputs { add(input.value, from: graph.fillingTime(of: input)) }
    for (time, node) in graph.nodes.enumerated() {
      if let replaced = replacedInput(of: node, at: time, lastUses) {
        let shared = blockOfValue[replaced.index]
        let end = max(time, lastUses[node.output.index])
        tensors[shared].lifetime = tensors[shared].lifetime.lowerBound...end
        blockOfValue[node.output.index] = shared
      } else {
        add(node.output, from: time)
      }
    }
  }

  /// The input that the output of a node takes the place of: one that the step may write over, that has
  /// room for it, that is read once and never again.
  private func replacedInput(
    of node: Graph.Node, at time: Int, _ lastUses: [Int]
  ) -> Graph.Value? {
    demands[time].replaceableInputs.map { node.inputs[$0] }.first { input in
      lastUses[input.index] == time && node.inputs.count { $0 == input } == 1
        && graph.shape(of: node.output).byteCount <= graph.shape(of: input).byteCount
    }
  }

  /// Where each tensor lies.
  var places: [MemoryPlan.Place] {
    blockOfValue.indices.map { value in
      let block = blockOfValue[value]
      return MemoryPlan.Place(
        arena: tensors[block].offset,
        residentByteCount: min(residentByteCounts[block], graph.shapes[value].byteCount),
        file: fileOffsets[block])
    }
  }

  private func isWhole(_ value: Graph.Value) -> Bool {
    residentByteCounts[blockOfValue[value.index]] >= graph.shape(of: value).byteCount
  }

  /// Finds a place for everything.
  mutating func place() {
    workspaces = graph.nodes.indices.map { time in
      Block(byteCount: workspace(at: time).byteCount, lifetime: time...time)
    }
    var resident = tensors.indices.map { block in
      Block(byteCount: residentByteCounts[block], lifetime: tensors[block].lifetime)
    }
    resident += workspaces
    byteCount = Self.place(&resident)
    var spilled = tensors.indices.map { block in
      Block(
        byteCount: tensors[block].byteCount - residentByteCounts[block],
        lifetime: tensors[block].lifetime)
    }
    fileByteCount = Self.place(&spilled)
    for block in tensors.indices {
      tensors[block].offset = resident[block].offset
      fileOffsets[block] = spilled[block].offset
    }
    workspaces = Array(resident[tensors.count...])
  }

  /// The workspace of a node, with the parts of those of its tensors that do not lie in the arena whole.
  ///
  /// - Returns: its bytes, and where in it the part of each tensor begins: the inputs, then the output.
  func workspace(at time: Int) -> (byteCount: Int, stripOffsets: [Int?]) {
    let node = graph.nodes[time]
    let values = node.inputs + [node.output]
    var byteCount = Self.rounded(demands[time].workspace)
    var offsets = [Int?](repeating: nil, count: values.count)
    guard let strips = demands[time].strips else { return (byteCount, offsets) }
    let last = values.count - 1
    for (index, value) in values.enumerated().reversed() where !isWhole(value) {
      // An input of the output's pixels that is written over is in memory where the output is.
      if index < last, strips[index] == strips[last], sharesBlock(value, node.output) {
        offsets[index] = offsets[last]
      } else {
        offsets[index] = byteCount
        byteCount += Self.rounded(strips[index])
      }
    }
    return (byteCount, offsets)
  }

  private func sharesBlock(_ first: Graph.Value, _ second: Graph.Value) -> Bool {
    blockOfValue[first.index] == blockOfValue[second.index]
  }

  /// Gives each block the lowest place that is free during its lifetime.
  ///
  /// - Returns: the end of the last one.
  private static func place(_ blocks: inout [Block]) -> Int {
    // Large blocks first: the small ones find room between them.
    let order = blocks.indices.sorted { (blocks[$1].byteCount, $0) < (blocks[$0].byteCount, $1) }
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
    return blocks.map { $0.offset + $0.byteCount }.max() ?? 0
  }

  /// Moves the end of a block from the arena to the file: of those that are alive when memory is
  /// shortest, of a large one that is seldom read and written.
  ///
  /// - Parameter excess: bytes by which the arena is too large.
  /// - Returns: false if there is none.
  mutating func spill(_ excess: Int) -> Bool {
    let times = graph.nodes.indices.sorted { (demand(at: $1), $0) < (demand(at: $0), $1) }
    for time in times {
      let alive = tensors.indices.filter {
        residentByteCounts[$0] > 0 && tensors[$0].lifetime.contains(time) && maySpill($0)
      }
      if let block = alive.max(by: { relief($0) < relief($1) }) {
        // Small steps would leave many blocks in two parts and plan for long.
        let step = Self.rounded(max(excess, tensors[block].byteCount / 8))
        residentByteCounts[block] = max(0, residentByteCounts[block] - step)
        return true
      }
    }
    return false
  }

  /// Bytes of the arena that are taken while a node runs.
  private func demand(at time: Int) -> Int {
    workspaces[time].byteCount
      + tensors.indices.filter { tensors[$0].lifetime.contains(time) }
      .reduce(0) { $0 + residentByteCounts[$1] }
  }

  /// Bytes of a block for each time that it is read or written.
  private func relief(_ block: Int) -> Int {
    let uses = graph.nodes.reduce(0) { count, node in
      count + (node.inputs + [node.output]).filter { blockOfValue[$0.index] == block }.count
    }
    return residentByteCounts[block] / max(uses, 1)
  }

  /// Whether all that read or write a block can do so a part at a time; the caller has inputs and outputs
  /// whole.
  private func maySpill(_ block: Int) -> Bool {
    let ports = graph.inputs + graph.outputs
    guard !ports.contains(where: { blockOfValue[$0.value.index] == block }) else { return false }
    return graph.nodes.indices.allSatisfy { time in
      let node = graph.nodes[time]
      let isUsed = (node.inputs + [node.output]).contains { blockOfValue[$0.index] == block }
      return !isUsed || demands[time].strips != nil
    }
  }
}
