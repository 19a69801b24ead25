import TestSupport
import Testing

@testable import VAE

extension ConvolutionWeights {
  /// The prepared weight, and the bias where there is one, as floats; made in memory between guards.
  ///
  /// - Throws: what the preparation throws.
  func preparedParts(threads: Int = 2) throws -> (weight: [Float], bias: [Float]) {
    let scratchCount = scratchByteCount / 4
    var memory = GuardedBuffer([Float](repeating: .nan, count: byteCount / 4))
    var scratch = GuardedBuffer([Float](repeating: .nan, count: scratchCount * threads))
    let parts = try unsafe memory.withPointer { memory in
      try unsafe scratch.withPointer { scratch in
        try unsafe prepare(in: memory, Parallel(threads: threads)) { worker in
          unsafe UnsafeMutableRawPointer(scratch + worker * scratchCount)
        }
        let start = unsafe weight(in: memory).assumingMemoryBound(to: Float.self)
        let count = weightForm.byteCount(convolution) / 4
        let stored = isInPlace ? weight.count : count
        return unsafe (
          [Float](UnsafeBufferPointer(start: start, count: stored)),
          [Float](UnsafeBufferPointer(start: bias(in: memory), count: bias?.count ?? 0))
        )
      }
    }
    #expect(memory.isIntact && scratch.isIntact)
    return parts
  }

  /// The prepared weight as floats.
  func prepared() throws -> [Float] { try preparedParts().weight }
}
