/// A step that makes each pixel of its output of the pixels in the same place of its inputs, and may write
/// over any of them that has its shape.
@safe struct PointwiseStep: ExecutionStep {
  /// Makes pixels: gets pointers to the first of them in each input and in the output, and their number;
  /// returns whether all that it wrote is finite.
  typealias Body = (
    _ inputs: [UnsafePointer<Float>], _ output: UnsafeMutablePointer<Float>, _ pixelCount: Int
  ) -> Bool

  let name: String
  let shape: TensorShape
  /// Channels of each input.
  let inputChannels: [Int]
  let multiplyAdds: Int
  /// An input of one pixel, whose statistics alone are of use; nil where there is none.
  var statisticsInput: Int?
  /// The body of a run, with the statistics of its inputs.
  let body: @Sendable (StepContext) -> Body

  var workspace: Workspace { Workspace() }
  var replaceableInputs: [Int] {
    inputChannels.indices.filter { $0 != statisticsInput && inputChannels[$0] == shape.channels }
  }

  var bands: BandPlan? {
    let chunks = PixelChunks(shape)
    return BandPlan(
      chunkCount: chunks.count, chunksPerBand: 1, inPlaceBatches: [0..<chunks.count]
    ) { [inputChannels, statisticsInput] in
      var pixels = Array(repeating: chunks.pixels(of: $0), count: inputChannels.count + 1)
      if let statisticsInput { pixels[statisticsInput] = 0..<1 }
      return pixels
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let chunks = PixelChunks(shape)
    let body = unsafe body(context)
    try context.forEachPart { tensors, range in
      try unsafe context.forEach(range) { chunk, _ in
        let pixels = chunks.pixels(of: chunk..<chunk + 1)
        let first = pixels.lowerBound
        let inputs = unsafe zip(tensors.inputs, inputChannels).map { input, channels in
          unsafe UnsafePointer(input + first * channels)
        }
        return unsafe body(inputs, tensors.output + first * shape.channels, pixels.count)
      }
    }
    return nil
  }
}

/// The pixels of a tensor in chunks, in reading order.
struct PixelChunks: Sendable {
  private let pixelCount: Int
  private let pixelsPerChunk: Int

  /// Floats of a chunk: they stay in the cache with those of three or four tensors more.
  private static let floatsPerChunk = 1 << 14

  /// The chunks of a tensor of `shape`.
  init(_ shape: TensorShape) {
    pixelCount = shape.pixelCount
    pixelsPerChunk = max(1, Self.floatsPerChunk / shape.channels)
  }

  var count: Int { pixelCount.dividedRoundingUp(by: pixelsPerChunk) }

  /// The pixels of some chunks.
  func pixels(of chunks: Range<Int>) -> Range<Int> {
    chunks.lowerBound * pixelsPerChunk..<min(chunks.upperBound * pixelsPerChunk, pixelCount)
  }
}
