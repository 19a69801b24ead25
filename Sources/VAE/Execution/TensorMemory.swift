/// The memory of a run: the arena, and the temporary file for tensors that it has no room for.
struct TensorMemory: ~Copyable {
  private let plan: ExecutionPlan
  private let parallel: Parallel
  private let arena: Arena
  private let file: SpillFile?

  /// Bytes that one worker reads or writes at a time.
  private static let transferByteCount = 4 << 20

  /// The memory of `plan`.
  ///
  /// - Throws: `OutOfMemory`, `SpillFile.Failure`.
  init(_ plan: ExecutionPlan, _ parallel: Parallel) throws {
    let arena = try Arena(byteCount: plan.memory.byteCount)
    let fileByteCount = plan.memory.fileByteCount
    let file = fileByteCount > 0 ? try SpillFile(byteCount: fileByteCount) : nil
    self.plan = plan
    self.parallel = parallel
    self.arena = arena
    self.file = file
  }

  /// Whether a tensor lies in the arena whole.
  private func isResident(_ value: Graph.Value) -> Bool {
    plan.memory.places[value.index].residentByteCount == plan.graph.shape(of: value).byteCount
  }

  /// A tensor that lies in the arena whole.
  ///
  /// - Precondition: the plan put it there.
  func pointer(to value: Graph.Value) -> UnsafeMutablePointer<Float> {
    precondition(isResident(value), "a part of tensor \(value.index) lies in the file")
    return unsafe arena.floats(
      at: plan.memory.places[value.index].arena, count: plan.graph.shape(of: value).count)
  }

  /// A node's workspace.
  @safe struct WorkspaceMemory {
    /// What all workers share.
    let shared: UnsafeMutablePointer<Float>
    /// The totals of the tiles.
    let sums: UnsafeMutablePointer<Double>
    fileprivate let workers: UnsafeMutablePointer<Float>
    fileprivate let floatsPerWorker: Int

    /// What belongs to `worker`.
    func scratch(of worker: Int) -> UnsafeMutablePointer<Float> {
      unsafe workers + worker * floatsPerWorker
    }
  }

  /// The workspace of a node, cut as `workspace` says.
  func workspace(of index: Int, _ workspace: Workspace) -> WorkspaceMemory {
    let byteCount = workspace.byteCount(workers: parallel.threads)
    let start = unsafe UnsafeMutableRawPointer(
      arena.floats(
        at: plan.memory.workspaceOffsets[index], count: byteCount / MemoryLayout<Float>.stride))
    return unsafe WorkspaceMemory(
      shared: start.assumingMemoryBound(to: Float.self),
      sums: (start + workspace.shared).assumingMemoryBound(to: Double.self),
      workers: (start + workspace.shared + workspace.sums).assumingMemoryBound(to: Float.self),
      floatsPerWorker: workspace.perWorker / MemoryLayout<Float>.stride)
  }

  /// Calls `body` with the first pixels of the node's tensors and the tiles that may run at the same
  /// time, until all tiles have run. Tensors of the file are in memory under those tiles only.
  ///
  /// - Throws: `SpillFile.Failure`, and what `body` throws.
  func forEachStrip(
    of index: Int, _ node: Graph.Node, _ method: any ConvolutionMethod,
    _ body: (
      _ input: UnsafePointer<Float>, _ residual: UnsafePointer<Float>?,
      _ output: UnsafeMutablePointer<Float>, _ tiles: Range<Int>
    ) throws -> Void
  ) throws {
    let values = node.inputs + [node.output]
    let last = values.count - 1
    let isInPlace =
      plan.memory.places[values[0].index].arena == plan.memory.places[values[last].index].arena
      && method.inPlaceBatches != nil
    let batches = isInPlace ? method.inPlaceBatches ?? [] : [0..<method.tileCount]
    guard values.contains(where: { !isResident($0) }) else {
      let pointers = unsafe values.map { unsafe pointer(to: $0) }
      for tiles in batches {
        try unsafe body(
          pointers[0], last > 1 ? UnsafePointer(pointers[1]) : nil, pointers[last], tiles)
      }
      return
    }
    for strip in ExecutionPlan.strips(of: method) {
      for tiles in batches.map({ $0.clamped(to: strip) }) where !tiles.isEmpty {
        try unsafe run(tiles, of: index, values, method, body)
      }
    }
  }

  /// Runs some tiles with the parts of the tensors under them.
  private func run(
    _ tiles: Range<Int>, of index: Int, _ values: [Graph.Value], _ method: any ConvolutionMethod,
    _ body: (
      _ input: UnsafePointer<Float>, _ residual: UnsafePointer<Float>?,
      _ output: UnsafeMutablePointer<Float>, _ tiles: Range<Int>
    ) throws -> Void
  ) throws {
    let pixels = method.pixels(ofTiles: tiles)
    let strips = values.indices.map { operand in
      strip(of: values[operand], operand, index, operand == 0 ? pixels.input : pixels.output)
    }
    let last = values.count - 1
    for operand in 0..<last { try load(strips[operand]) }
    try unsafe body(
      strips[0].origin, last > 1 ? UnsafePointer(strips[1].origin) : nil, strips[last].origin, tiles
    )
    try store(strips[last])
  }

  /// A part of a tensor.
  @safe private struct Strip {
    /// Where the tensor's first pixel would lie if all of it were there.
    let origin: UnsafeMutablePointer<Float>
    /// The part's place in memory.
    let start: UnsafeMutablePointer<Float>
    /// Its bytes in the tensor.
    let bytes: Range<Int>
    /// The place of the tensor; nil if the part is used where it lies.
    let source: MemoryPlan.Place?
  }

  private func strip(
    of value: Graph.Value, _ operand: Int, _ index: Int, _ pixels: Range<Int>
  ) -> Strip {
    let channels = plan.graph.shape(of: value).channels
    let place = plan.memory.places[value.index]
    let stride = channels * MemoryLayout<Float>.stride
    let bytes = pixels.lowerBound * stride..<pixels.upperBound * stride
    let first = pixels.lowerBound * channels
    guard bytes.upperBound > place.residentByteCount,
      let buffer = plan.memory.stripOffsets[index][operand]
    else {
      let origin = unsafe arena.floats(at: place.arena, count: pixels.upperBound * channels)
      return unsafe Strip(origin: origin, start: origin + first, bytes: bytes, source: nil)
    }
    let start = unsafe arena.floats(
      at: plan.memory.workspaceOffsets[index] + buffer, count: pixels.count * channels)
    return unsafe Strip(origin: start - first, start: start, bytes: bytes, source: place)
  }

  private func load(_ strip: Strip) throws {
    try unsafe transfer(strip) { file, start, count, offset in
      try unsafe file.read(start, count: count, at: offset)
    } copy: { part, resident in
      unsafe part.copyMemory(from: resident.baseAddress ?? part, byteCount: resident.count)
    }
  }

  private func store(_ strip: Strip) throws {
    try unsafe transfer(strip) { file, start, count, offset in
      try unsafe file.write(start, count: count, at: offset)
    } copy: { part, resident in
      unsafe resident.baseAddress?.copyMemory(from: part, byteCount: resident.count)
    }
  }

  /// Calls `copy` with the beginning of a strip and its bytes in the arena, and `body` with the parts of
  /// the rest, which lies in the file.
  private func transfer(
    _ strip: Strip,
    _ body: (SpillFile, UnsafeMutableRawPointer, _ count: Int, _ offset: Int) throws -> Void,
    copy: (UnsafeMutableRawPointer, _ resident: UnsafeMutableRawBufferPointer) -> Void
  ) throws {
    guard let file, let place = strip.source else { return }
    let start = unsafe UnsafeMutableRawPointer(strip.start)
    let resident = strip.bytes.clamped(to: 0..<place.residentByteCount)
    if !resident.isEmpty {
      let floats = unsafe arena.floats(
        at: place.arena, count: resident.upperBound / MemoryLayout<Float>.stride)
      unsafe copy(
        start,
        UnsafeMutableRawBufferPointer(
          start: UnsafeMutableRawPointer(floats) + resident.lowerBound, count: resident.count))
    }
    let rest = strip.bytes.count - resident.count
    let offset = place.file + strip.bytes.upperBound - rest - place.residentByteCount
    let size = Self.transferByteCount
    try parallel.forEach((rest + size - 1) / size) { part, _ in
      let count = min(size, rest - part * size)
      try unsafe body(
        file, start + resident.count + part * size, count, offset + part * size)
    }
  }
}
