/// A way to compute an operation on tensors of known shapes: what it needs, and how it runs.
///
/// How the work is cut depends on the shapes alone, never on threads or memory, because the order of sums
/// follows from it.
package protocol ExecutionStep: Sendable {
  /// What measurements call it, such as "F(6x6,3x3)".
  var name: String { get }

  /// Multiply-adds that are done, fewer than the operation is defined by where the way saves some.
  var multiplyAdds: Int { get }

  /// Memory that it uses while it runs, besides its tensors.
  var workspace: Workspace { get }

  /// The inputs, by number, that the output may be written over if nobody needs them afterwards, the
  /// preferred first.
  var replaceableInputs: [Int] { get }

  /// How it runs where its tensors are in memory a part at a time; nil if it needs them whole.
  var bands: BandPlan? { get }

  /// The weights in the form that `run` reads; nil for a step that has none.
  var weights: (any WeightPreparation)? { get }

  /// Computes the output.
  ///
  /// - Returns: the statistics of the output, where they were asked for.
  /// - Throws: `NonFiniteActivation`, and what reading parts of tensors throws.
  func run(_ context: StepContext) throws -> TensorStatistics?
}

extension ExecutionStep {
  package var replaceableInputs: [Int] { [] }
  package var bands: BandPlan? { nil }
  package var weights: (any WeightPreparation)? { nil }
}

/// Brings the weights of a step into the form that it reads.
package protocol WeightPreparation: Sendable {
  /// Distinguishes the forms of one layer's weights, such as "F(6x6,3x3)": weights that were kept serve a step
  /// of another shape if the form is the same.
  var form: String { get }
  /// Bytes of the prepared weights.
  var byteCount: Int { get }
  /// Bytes that each worker needs meanwhile.
  var scratchByteCount: Int { get }

  /// Prepares the weights in `memory`, of `byteCount` bytes.
  ///
  /// - Parameter scratch: gives each worker memory of its own.
  func prepare(
    in memory: UnsafeMutableRawPointer, _ parallel: Parallel,
    scratch: (_ worker: Int) -> UnsafeMutableRawPointer
  ) throws
}

/// Memory that a step uses while it runs, in bytes.
package struct Workspace: Sendable {
  /// What all workers share.
  package let shared: Int
  /// What belongs to each worker.
  package let perWorker: Int

  package init(shared: Int = 0, perWorker: Int = 0) {
    self.shared = shared
    self.perWorker = perWorker
  }
}

/// How a step runs where some of its tensors are in memory a part at a time.
///
/// A step is cut into chunks, each computed by one thread. Bands of chunks follow each other in memory: all
/// chunks of some rows, or some of a long row.
package struct BandPlan: Sendable {
  /// Chunks of the whole output.
  package let chunkCount: Int
  /// Chunks of a band.
  package let chunksPerBand: Int
  /// Where the output lies over an input, the ranges of chunks that may run at the same time, in order.
  package let inPlaceBatches: [Range<Int>]?
  /// The pixels of each input and then of the output under whole bands, in reading order.
  package let pixels: @Sendable (_ chunks: Range<Int>) -> [Range<Int>]

  package init(
    chunkCount: Int, chunksPerBand: Int, inPlaceBatches: [Range<Int>]? = nil,
    pixels: @escaping @Sendable (_ chunks: Range<Int>) -> [Range<Int>]
  ) {
    self.chunkCount = chunkCount
    self.chunksPerBand = chunksPerBand
    self.inPlaceBatches = inPlaceBatches
    self.pixels = pixels
  }

  /// Chunks that run at the same time, at least.
  private static let chunksPerStrip = 8

  /// The ranges of chunks that run one after the other: whole bands.
  var strips: [Range<Int>] {
    let chunks = Self.chunksPerStrip.roundedUp(toMultipleOf: chunksPerBand)
    return stride(from: 0, to: chunkCount, by: chunks).map { $0..<min($0 + chunks, chunkCount) }
  }
}
