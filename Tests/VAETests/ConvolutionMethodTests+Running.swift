import TestSupport
import Testing

@testable import VAE

/// Running a convolution of a case, beside its direct sum.
extension ConvolutionMethodTests {
  /// What a run of all chunks leaves.
  struct Run {
    let values: [Float]
    /// 2 · outChannels sums for each chunk.
    let sums: [Double]
    let finite: [Bool]
  }

  static func problem(_ layout: Case, seed: UInt64) -> ConvolutionProblem {
    var random = SeededGenerator(seed: seed)
    let convolution = Convolution(
      inChannels: layout.inChannels, outChannels: layout.outChannels,
      kernelSize: layout.kernelSize, stride: layout.stride, padding: layout.padding,
      upsampling: layout.upsamples ? .nearest : .none, inputActivation: layout.inputActivation,
      outputActivation: layout.outputActivation, weight: .unread, bias: nil)
    let inputShape = TensorShape(
      height: layout.height, width: layout.width, channels: layout.inChannels)
    let output = convolution.outputShape(of: [inputShape])
    return ConvolutionProblem(
      convolution: convolution, input: random.floats(inputShape.count, in: -2...2),
      inputShape: inputShape, weight: random.floats(layout.outChannels * convolution.k),
      bias: layout.hasBias ? random.floats(layout.outChannels) : nil,
      residual: layout.residual == .none ? nil : random.floats(output.count, in: -3...3),
      norm: layout.hasNorm
        ? NormCoefficients(
          scale: random.floats(layout.inChannels), shift: random.floats(layout.inChannels)) : nil)
  }

  static func method(
    _ problem: ConvolutionProblem, _ set: InstructionSet, _ choice: ConvolutionChoice
  ) -> (any ConvolutionMethod)? {
    Kernels(set).map { kernels in
      choice.method(
        for: problem.convolution, problem.inputShape, problem.outputShape, kernels, .f32)
    }
  }

  /// The problem's weight as `method` reads it.
  static func weight(
    _ problem: ConvolutionProblem, _ method: any ConvolutionMethod, _ set: InstructionSet
  ) throws -> [Float] {
    let found = Kernels(set)
    let weights = ConvolutionWeights(
      convolution: problem.convolution, weight: StoredTensor(values: problem.weight), bias: nil,
      weightForm: method.weightForm, kernels: try #require(found))
    return try weights.prepared()
  }

  /// Runs the chunks, the last one first, in memory that is full of NaN.
  static func run(
    _ problem: ConvolutionProblem, _ set: InstructionSet, _ choice: ConvolutionChoice,
    isAliased: Bool
  ) throws -> Run {
    let found = Self.method(problem, set, choice)
    let method = try #require(found)
    let channels = problem.convolution.outChannels
    let count = problem.outputShape.count
    let blank = [Float](repeating: .nan, count: count)
    var input = GuardedBuffer(problem.input)
    var weight = GuardedBuffer(try Self.weight(problem, method, set))
    var bias = GuardedBuffer(problem.bias ?? [])
    var residual = GuardedBuffer(problem.residual ?? [])
    var output = GuardedBuffer(isAliased ? problem.residual ?? blank : blank)
    var scratch = GuardedBuffer([Float](repeating: .nan, count: method.scratchByteCount / 4))
    var sums = GuardedBuffer([Double](repeating: 0, count: 2 * channels * method.chunkCount))
    var finite: [Bool] = []
    unsafe input.withPointer { input in
      unsafe weight.withPointer { weight in
        unsafe bias.withPointer { bias in
          unsafe residual.withPointer { residual in
            unsafe output.withPointer { output in
              let added = unsafe isAliased ? output : residual
              let arguments = unsafe ConvolutionArguments(
                input: input, residual: problem.residual == nil ? nil : UnsafePointer(added),
                output: output, weight: weight,
                bias: problem.bias == nil ? nil : UnsafePointer(bias), norm: problem.norm)
              for chunk in (0..<method.chunkCount).reversed() {
                unsafe scratch.withPointer { scratch in
                  unsafe sums.withPointer { sums in
                    finite.append(
                      unsafe method.run(
                        chunk: chunk, arguments, scratch: scratch, sums: sums + chunk * 2 * channels
                      ))
                  }
                }
              }
            }
          }
        }
      }
    }
    #expect(output.isIntact && scratch.isIntact && sums.isIntact)
    #expect(input.isIntact && weight.isIntact && bias.isIntact && residual.isIntact)
    return Run(values: output.values, sums: sums.values, finite: finite)
  }

  /// What the fastest method for `layout` writes, over its input or apart from it.
  static func values(_ layout: Case, seed: UInt64, isInPlace: Bool) throws -> [Float] {
    let problem = problem(layout, seed: seed)
    let found = method(problem, .best, .auto)
    let method = try #require(found)
    let outputCount = problem.outputShape.count
    var memory = GuardedBuffer(
      problem.input + [Float](repeating: .nan, count: isInPlace ? 0 : outputCount))
    var weight = GuardedBuffer(try Self.weight(problem, method, .best))
    let offset = isInPlace ? 0 : problem.input.count
    let batches = isInPlace ? try #require(method.inPlaceBatches) : [0..<method.chunkCount]
    #expect(batches.map(\.count).reduce(0, +) == method.chunkCount)
    try unsafe memory.withPointer { memory in
      try unsafe weight.withPointer { weight in
        let arguments = unsafe ConvolutionArguments(
          input: memory, residual: nil, output: memory + offset, weight: weight, bias: nil,
          norm: problem.norm)
        for batch in batches {
          try Parallel(threads: 3).forEach(batch.count) { index, _ in
            let scratch = UnsafeMutableRawPointer.allocate(
              byteCount: method.scratchByteCount, alignment: Arena.alignment)
            defer { unsafe scratch.deallocate() }
            _ = unsafe method.run(
              chunk: batch.lowerBound + index, arguments, scratch: scratch, sums: nil)
          }
        }
      }
    }
    #expect(memory.isIntact)
    return Array(memory.values[offset..<offset + outputCount])
  }

  /// All chunks' sums together are those of the output.
  static func expectSums(_ sums: [Double], of values: [Float], channels: Int) {
    for channel in 0..<channels {
      let written = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
      let totals = (0..<2).map { kind in
        stride(from: kind * channels + channel, to: sums.count, by: 2 * channels)
          .reduce(0) { $0 + sums[$1] }
      }
      let bound = Double(written.count) * 0x1p-52
      let magnitude = written.reduce(0) { $0 + abs($1) }
      #expect(abs(totals[0] - written.reduce(0, +)) <= bound * magnitude)
      let squares = written.reduce(0) { $0 + $1 * $1 }
      #expect(abs(totals[1] - squares) <= bound * squares)
    }
  }
}
