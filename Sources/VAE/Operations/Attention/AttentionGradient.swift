import Glibc

/// The gradients of attention with respect to queries, keys and values, side by side: `[h, w, 3 · channels]`.
///
/// Inputs: queries q, keys k, values v, the output o, and its gradient g. With the weights P that the softmax
/// made and d = Σ g · o of each row: dv = Pᵀ g, dS = P (g vᵀ - d) · scale, dq = dS k, dk = dSᵀ q. The weights
/// are made again from the logarithms of their sums.
///
/// - SeeAlso: Dao et al., "FlashAttention", 2022, appendix B.2.
struct AttentionGradient: Operation {
  let scale: Float

  package func outputShape(of inputs: [TensorShape]) -> TensorShape {
    TensorShape(
      height: inputs[0].height, width: inputs[0].width, channels: 3 * inputs[0].channels)
  }

  package func multiplyAdds(inputs: [TensorShape], output: TensorShape) -> Int {
    6 * output.pixelCount * inputs[0].count
  }

  package func step(_ request: StepRequest) -> any ExecutionStep {
    AttentionGradientStep(
      scale: scale, tokens: request.output.pixelCount, channels: request.inputs[0].channels,
      kernels: request.options.kernels)
  }

  package func appendGradients(
    _ request: GradientRequest, to graph: inout Graph
  ) -> OperationGradients {
    preconditionFailure("gradients of gradients are not computed")
  }
}

/// The gradient as it runs: one block of queries after the other, of which each thread takes other keys, so
/// that sums over queries have one order.
private struct AttentionGradientStep: ExecutionStep {
  let scale: Float
  let tokens: Int
  let channels: Int
  let kernels: Kernels
  private let gemm = GEMM()

  init(scale: Float, tokens: Int, channels: Int, kernels: Kernels) {
    self.scale = scale
    self.tokens = tokens
    self.channels = channels
    self.kernels = kernels
  }

  private static let queriesPerBlock = 96
  private static let keysPerBlock = 512
  /// Queries whose own gradients a thread makes at a time.
  private static let queriesPerGroup = 24

  var name: String { "attention gradient" }
  var multiplyAdds: Int { 6 * tokens * tokens * channels }

  /// Shared are the logarithm of the sum and d of each row, and dS of a block of queries; a worker has the
  /// weights and g · vᵀ of a block of keys, and three values a query.
  var workspace: Workspace {
    let float = MemoryLayout<Float>.stride
    return Workspace(
      shared: (2 + Self.queriesPerBlock) * tokens * float,
      perWorker: Self.queriesPerBlock * (2 * Self.keysPerBlock + 3) * float)
  }

  /// The tensors of a run, each `[tokens, channels]`, but for the gradients, which have three times the
  /// channels.
  @safe private struct Run {
    let queries: UnsafePointer<Float>
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    let output: UnsafePointer<Float>
    let gradient: UnsafePointer<Float>
    let gradients: UnsafeMutablePointer<Float>
    /// ln Σ exp of the scores of each query.
    let logarithms: UnsafeMutablePointer<Float>
    /// Σ g · o of each query.
    let products: UnsafeMutablePointer<Float>
    /// dS of a block of queries, `[queries, tokens]`.
    let slopes: UnsafeMutablePointer<Float>

    init(_ tensors: StepContext.Tensors, _ shared: UnsafeMutableRawPointer, tokens: Int) {
      unsafe queries = UnsafePointer(tensors.inputs[0])
      unsafe keys = UnsafePointer(tensors.inputs[1])
      unsafe values = UnsafePointer(tensors.inputs[2])
      unsafe output = UnsafePointer(tensors.inputs[3])
      unsafe gradient = UnsafePointer(tensors.inputs[4])
      unsafe gradients = tensors.output
      unsafe logarithms = shared.assumingMemoryBound(to: Float.self)
      unsafe products = logarithms + tokens
      unsafe slopes = products + tokens
    }
  }

  func run(_ context: StepContext) throws -> TensorStatistics? {
    let run = unsafe Run(context.tensors, context.shared, tokens: tokens)
    let blocks = tokens.dividedRoundingUp(by: Self.queriesPerBlock)
    let keyBlocks = tokens.dividedRoundingUp(by: Self.keysPerBlock)
    try unsafe context.forEach(0..<blocks) { block, scratch in
      unsafe sum(queries(block), run, scratch.assumingMemoryBound(to: Float.self))
      return true
    }
    for block in 0..<blocks {
      let queries = queries(block)
      try unsafe context.forEach(0..<keyBlocks) { keyBlock, scratch in
        let first = keyBlock * Self.keysPerBlock
        unsafe differentiate(
          queries, first..<min(first + Self.keysPerBlock, tokens), run,
          scratch.assumingMemoryBound(to: Float.self))
        return true
      }
      let groups = queries.count.dividedRoundingUp(by: Self.queriesPerGroup)
      try unsafe context.forEach(0..<groups) { group, _ in
        let first = group * Self.queriesPerGroup
        return unsafe finish(
          queries.dropFirst(first).prefix(Self.queriesPerGroup),
          slopes: run.slopes + first * tokens, run)
      }
    }
    return nil
  }

  private func queries(_ block: Int) -> Range<Int> {
    let first = block * Self.queriesPerBlock
    return first..<min(first + Self.queriesPerBlock, tokens)
  }

  /// scores = queries · keysᵀ, of all keys of a block.
  private func multiply(
    _ queries: Range<Int>, _ left: UnsafePointer<Float>, _ keys: Range<Int>,
    _ right: UnsafePointer<Float>, into scores: UnsafeMutablePointer<Float>
  ) {
    unsafe gemm.multiply(
      .init(start: left + queries.lowerBound * channels, rowStride: channels),
      .init(start: right + keys.lowerBound * channels, rowStride: channels),
      rows: queries.count, columns: keys.count, k: channels, into: scores,
      resultStride: Self.keysPerBlock, accumulating: false)
  }

  /// The logarithms of the sums of some queries, and their products.
  private func sum(_ queries: Range<Int>, _ run: Run, _ scratch: UnsafeMutablePointer<Float>) {
    let maximum = unsafe scratch + 2 * Self.queriesPerBlock * Self.keysPerBlock
    let total = unsafe maximum + Self.queriesPerBlock
    let factor = unsafe total + Self.queriesPerBlock
    unsafe maximum.update(repeating: -.infinity, count: queries.count)
    unsafe total.update(repeating: 0, count: queries.count)
    for first in stride(from: 0, to: tokens, by: Self.keysPerBlock) {
      let keys = first..<min(first + Self.keysPerBlock, tokens)
      unsafe multiply(queries, run.queries, keys, run.keys, into: scratch)
      unsafe kernels.softmaxStep(
        scratch, rows: queries.count, columns: keys.count, stride: Self.keysPerBlock, scale: scale,
        maximum: maximum, total: total, correction: factor)
    }
    for (row, query) in queries.enumerated() {
      unsafe run.logarithms[query] = maximum[row] + log(total[row])
      var product = 0.0
      for channel in query * channels..<(query + 1) * channels {
        unsafe product += Double(run.gradient[channel]) * Double(run.output[channel])
      }
      unsafe run.products[query] = Float(product)
    }
  }

  /// What some queries give to the gradients of some keys and values, and their dS.
  private func differentiate(
    _ queries: Range<Int>, _ keys: Range<Int>, _ run: Run, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let weights = unsafe scratch
    let slopes = unsafe scratch + Self.queriesPerBlock * Self.keysPerBlock
    let maximum = unsafe slopes + Self.queriesPerBlock * Self.keysPerBlock
    let total = unsafe maximum + Self.queriesPerBlock
    unsafe maximum.update(from: run.logarithms + queries.lowerBound, count: queries.count)
    unsafe total.update(repeating: 0, count: queries.count)
    unsafe multiply(queries, run.queries, keys, run.keys, into: weights)
    // No score is larger than the logarithm of the sum, against which it is weighted.
    unsafe kernels.softmaxStep(
      weights, rows: queries.count, columns: keys.count, stride: Self.keysPerBlock, scale: scale,
      maximum: maximum, total: total, correction: total + Self.queriesPerBlock)
    unsafe multiply(queries, run.gradient, keys, run.values, into: slopes)
    for (row, query) in queries.enumerated() {
      let product = unsafe run.products[query]
      for key in 0..<keys.count {
        let place = row * Self.keysPerBlock + key
        unsafe slopes[place] = weights[place] * (slopes[place] - product) * scale
      }
      unsafe (run.slopes + row * tokens + keys.lowerBound).update(
        from: slopes + row * Self.keysPerBlock, count: keys.count)
    }
    unsafe accumulate(slopes, run.queries, queries, keys, into: run.gradients + channels)
    unsafe accumulate(weights, run.gradient, queries, keys, into: run.gradients + 2 * channels)
  }

  /// Adds factorsᵀ · rows to the gradients of some keys.
  private func accumulate(
    _ factors: UnsafePointer<Float>, _ rows: UnsafePointer<Float>, _ queries: Range<Int>,
    _ keys: Range<Int>, into gradients: UnsafeMutablePointer<Float>
  ) {
    unsafe gemm.multiply(
      .init(start: factors, rowStride: Self.keysPerBlock, isTurned: true),
      .init(start: rows + queries.lowerBound * channels, rowStride: channels, isTurned: true),
      rows: keys.count, columns: channels, k: queries.count,
      into: gradients + keys.lowerBound * 3 * channels, resultStride: 3 * channels,
      accumulating: queries.lowerBound > 0)
  }

  /// The gradients of some queries; returns whether they are finite.
  private func finish(_ queries: Range<Int>, slopes: UnsafePointer<Float>, _ run: Run) -> Bool {
    let gradient = unsafe run.gradients + queries.lowerBound * 3 * channels
    unsafe gemm.multiply(
      .init(start: slopes, rowStride: tokens),
      .init(start: run.keys, rowStride: channels, isTurned: true),
      rows: queries.count, columns: channels, k: tokens, into: gradient,
      resultStride: 3 * channels, accumulating: false)
    // All three gradients of the rows, of which those of keys and values are not yet whole.
    return unsafe kernels.epilogue(
      gradient, pixels: queries.count, channels: 3 * channels, bias: nil, .identity, sums: nil)
  }
}
