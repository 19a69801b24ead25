/// The memory of a run: the arena, and the temporary file for tensors that it has no room for.
///
/// A class, because the closures of a step's context keep it while the step runs.
final class TensorMemory {
  private let plan: ExecutionPlan
  private let parallel: Parallel
  private let arena: Arena
  private let file: SpillFile?

  /// Bytes that one worker reads or writes at a time.
  private static let transferByteCount = 4 << 20

  /// The memory of `plan` in `arena`, which has room for it.
  ///
  /// - Throws: `SpillFile.Failure`.
  init(_ plan: ExecutionPlan, _ parallel: Parallel, _ arena: consuming Arena) throws {
    let fileByteCount = plan.memory.fileByteCount
    file = fileByteCount > 0 ? try SpillFile(byteCount: fileByteCount) : nil
    self.plan = plan
    self.parallel = parallel
    self.arena = arena
  }

  /// A tensor that lies in the arena whole.
  ///
  /// - Precondition: the plan put it there.
  func pointer(to value: Graph.Value) -> UnsafeMutablePointer<Float> {
    precondition(
      plan.memory.isResident(value, in: plan.graph),
      "a part of tensor \(value.index) lies in the file")
    return unsafe arena.floats(
      at: plan.memory.places[value.index].arena, count: plan.graph.shape(of: value).count)
  }

  /// The place of a node's workspace: the prepared weights, what workers share, and what is theirs.
  func workspace(
    of index: Int
  ) -> (
    weights: UnsafeMutableRawPointer, shared: UnsafeMutableRawPointer,
    workers: UnsafeMutableRawPointer
  ) {
    let parts = plan.workspaces[index]
    let byteCount = parts.byteCount(workers: parallel.threads)
    let start = unsafe UnsafeMutableRawPointer(
      arena.floats(
        at: plan.memory.workspaceOffsets[index], count: byteCount / MemoryLayout<Float>.stride))
    return unsafe (start, start + parts.weights, start + parts.weights + parts.shared)
  }

  /// The tensors of a node, which lie in the arena whole.
  func tensors(of index: Int) -> StepContext.Tensors {
    unsafe StepContext.Tensors(
      inputs: plan.graph.nodes[index].inputs.map { unsafe pointer(to: $0) },
      output: pointer(to: plan.graph.nodes[index].output))
  }

  /// Calls `body` with the tensors of a node and the chunks that may run at the same time, until all chunks
  /// have run. Tensors of the file are in memory under those chunks only.
  ///
  /// - Throws: `SpillFile.Failure`, and what `body` throws.
  /// - Precondition: the node's step has bands.
  func forEachPart(
    of index: Int, _ body: (StepContext.Tensors, _ chunks: Range<Int>) throws -> Void
  ) throws {
    guard let parts = plan.parts[index] else {
      preconditionFailure("\(plan.graph.nodes[index].name) is not computed in bands")
    }
    if parts.isResident {
      let tensors = tensors(of: index)
      for chunks in parts.batches { try body(tensors, chunks) }
      return
    }
    let node = plan.graph.nodes[index]
    let values = node.inputs + [node.output]
    for strip in parts.bands.strips {
      for chunks in parts.batches.map({ $0.clamped(to: strip) }) where !chunks.isEmpty {
        try run(chunks, of: index, values, parts.bands.pixels(chunks), body)
      }
    }
  }

  /// Runs some chunks with the parts of the tensors under them, which are `pixels`.
  private func run(
    _ chunks: Range<Int>, of index: Int, _ values: [Graph.Value], _ pixels: [Range<Int>],
    _ body: (StepContext.Tensors, _ chunks: Range<Int>) throws -> Void
  ) throws {
    let strips = values.indices.map { strip(of: values[$0], $0, index, pixels[$0]) }
    let output = strips[strips.count - 1]
    for input in strips.dropLast() { try load(input) }
    try body(
      unsafe StepContext.Tensors(
        inputs: strips.dropLast().map { unsafe $0.origin }, output: output.origin), chunks)
    try store(output)
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
    try parallel.forEach(rest.dividedRoundingUp(by: size)) { part, _ in
      let count = min(size, rest - part * size)
      try unsafe body(
        file, start + resident.count + part * size, count, offset + part * size)
    }
  }
}
