/// What a step is given to run with: its tensors, its memory, and the threads.
@safe package struct StepContext {
  /// The tensors of a step in memory: pointers to where their first pixels lie, or would lie where only
  /// some of the pixels are there.
  @safe package struct Tensors {
    package let inputs: [UnsafeMutablePointer<Float>]
    package let output: UnsafeMutablePointer<Float>
  }

  /// The layer's name in the checkpoint, for errors.
  package let layer: String
  package let parallel: Parallel
  /// The weights in the form of the step.
  package let weights: UnsafeRawPointer
  /// Memory that all workers share, as much as the step's workspace says.
  package let shared: UnsafeMutableRawPointer
  private let workers: UnsafeMutableRawPointer
  private let bytesPerWorker: Int
  /// The statistics of the inputs that have some.
  package let statistics: [TensorStatistics?]
  private let forEachPart:
    (_ body: (_ tensors: Tensors, _ chunks: Range<Int>) throws -> Void) throws -> Void
  private let whole: () -> Tensors

  /// A context of a step of `layer`.
  ///
  /// - Parameters:
  ///   - whole: the tensors, all of which are in memory whole.
  ///   - forEachPart: calls its argument for one part of the tensors after another.
  init(
    layer: String, parallel: Parallel, weights: UnsafeRawPointer,
    workspace: (
      shared: UnsafeMutableRawPointer, workers: UnsafeMutableRawPointer, bytesPerWorker: Int
    ),
    statistics: [TensorStatistics?], whole: @escaping () -> Tensors,
    forEachPart:
      @escaping (_ body: (_ tensors: Tensors, _ chunks: Range<Int>) throws -> Void) throws -> Void
  ) {
    self.layer = layer
    self.parallel = parallel
    unsafe self.weights = weights
    unsafe shared = workspace.shared
    unsafe workers = workspace.workers
    unsafe bytesPerWorker = workspace.bytesPerWorker
    self.statistics = statistics
    self.whole = whole
    self.forEachPart = forEachPart
  }

  /// Memory that belongs to `worker`, as much as the step's workspace says.
  package func scratch(of worker: Int) -> UnsafeMutableRawPointer {
    unsafe workers + worker * bytesPerWorker
  }

  /// The tensors of a step that needs them whole.
  package var tensors: Tensors { whole() }

  /// Calls `body` with the tensors and the chunks that may run at the same time, until all chunks of the
  /// step's bands have run. Tensors that have no room are in memory under those chunks only.
  ///
  /// - Throws: `SpillFile.Failure`, and what `body` throws.
  package func forEachPart(
    _ body: (_ tensors: Tensors, _ chunks: Range<Int>) throws -> Void
  ) throws {
    try forEachPart(body)
  }

  /// Calls `body` for each of `chunks`, on several threads.
  ///
  /// - Parameter body: gets a chunk and the worker's scratch memory; returns whether all that it wrote is
  ///   finite.
  /// - Throws: `NonFiniteActivation`.
  package func forEach(
    _ chunks: Range<Int>,
    _ body: (_ chunk: Int, _ scratch: UnsafeMutableRawPointer) throws -> Bool
  ) throws {
    try parallel.forEach(chunks.count) { position, worker in
      guard try unsafe body(chunks.lowerBound + position, scratch(of: worker)) else {
        throw NonFiniteActivation(layer: layer)
      }
    }
  }
}
