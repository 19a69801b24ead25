import VAE

/// What the machine can do: the limits that layers are held against.
struct Machine {
  let instructionSet: InstructionSet
  let threads: Int
  /// Multiply-adds a second of all threads, from registers.
  let multiplyAddsPerSecond: Double
  /// Bytes a second that all threads read and write when they copy memory.
  let copiedBytesPerSecond: Double

  /// Measures the machine with the threads and the kernels of `options`.
  init(_ options: ExecutionOptions) throws {
    instructionSet = options.kernels.instructionSet
    threads = options.parallel.threads
    multiplyAddsPerSecond = try Machine.multiplyAddsPerSecond(options)
    copiedBytesPerSecond = try Machine.copiedBytesPerSecond(options)
  }

  /// One line of what was measured.
  var description: String {
    "\(instructionSet.rawValue), \(threads) threads: "
      + "\(Text.fixed(multiplyAddsPerSecond * 2 / 1e9, 0)) GFLOP/s fp32 multiply-add peak, "
      + "\(Text.fixed(copiedBytesPerSecond / 1e9, 1)) GB/s copied (read + written)"
  }

  private static func multiplyAddsPerSecond(_ options: ExecutionOptions) throws -> Double {
    let steps = 4_000_000
    let seconds = try Sample.best(of: 5) {
      try options.parallel.forEach(options.parallel.threads) { _, _ in
        _ = options.kernels.runMultiplyAddChains(count: steps)
      }
    }
    let perThread = options.kernels.runMultiplyAddChains(count: steps)
    return Double(perThread * options.parallel.threads) / seconds
  }

  private static func copiedBytesPerSecond(_ options: ExecutionOptions) throws -> Double {
    let (parts, partCount) = (options.parallel.threads, (64 << 20) / options.parallel.threads)
    let source = try Arena(byteCount: parts * partCount)
    let target = try Arena(byteCount: parts * partCount)
    let floats = partCount / MemoryLayout<Float>.stride / 16 * 16
    let seconds = try Sample.best(of: 6) {
      try options.parallel.forEach(parts) { part, _ in
        let offset = part * floats * MemoryLayout<Float>.stride
        unsafe target.floats(at: offset, count: floats).update(
          from: source.floats(at: offset, count: floats), count: floats)
      }
    }
    return Double(2 * parts * floats * MemoryLayout<Float>.stride) / seconds
  }
}
