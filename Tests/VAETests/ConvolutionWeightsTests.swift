import TestSupport
import Testing

@testable import VAE

/// Weights in f32 and in the kernel's order, from each type and each place in a file.
@Suite struct ConvolutionWeightsTests {
  @Test(arguments: [ElementType.f32, .f16, .bf16], [(1, 0), (1, 1), (3, 0), (3, 1), (3, 3)])
  func `weights are converted and put in order`(
    type: ElementType, layout: (kernelSize: Int, misalignment: Int)
  ) throws {
    let (kernelSize, misalignment) = layout
    let (inChannels, outChannels, taps) = (5, 19, kernelSize * kernelSize)
    // Integers below 256 are exact in all three types, bfloat16 with its eight bits included.
    let values = (0..<outChannels * inChannels * taps).map { Float($0 % 251) - 125 }
    let bias = (0..<outChannels).map { Float($0) - 7 }
    let padding = [UInt8](repeating: 0, count: misalignment)
    let bytes = padding + stored(values, type) + stored(bias, type)
    let folder = try TemporaryFolder()
    let file = try MappedFile(path: try folder.write(bytes, to: "weights"))
    let split = misalignment + values.count * type.byteCount
    let convolution = Convolution(
      inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize,
      padding: .all(kernelSize / 2), weight: .unread, bias: .unread)
    let weight = StoredTensor(
      name: "w", type: type, shape: [outChannels, inChannels, kernelSize, kernelSize],
      file: file, byteRange: misalignment..<split)
    let stored = StoredTensor(
      name: "b", type: type, shape: [outChannels], file: file, byteRange: split..<bytes.count)
    for set in InstructionSet.available {
      let kernels = try #require(Kernels(set))
      let weights = ConvolutionWeights(
        convolution: convolution, weight: weight, bias: stored,
        weightForm: PackedWeights(matrix: kernels.matrixKernel(.f32, columns: 1), kernels: kernels),
        kernels: kernels)
      #expect(weights.isInPlace == (type == .f32 && layout == (1, 0)))
      for threads in [1, 3] {
        // Twice, because the second time finds the pages released.
        for _ in 0..<2 {
          let (prepared, preparedBias) = try weights.preparedParts(threads: threads)
          for (index, value) in values.enumerated() {
            let (output, rest) = index.quotientAndRemainder(dividingBy: inChannels * taps)
            let place = output * inChannels * taps + rest % taps * inChannels + rest / taps
            #expect(prepared[place] == value)
          }
          #expect(preparedBias == bias)
          weight.release()
        }
      }
    }
  }

  private func stored(_ values: [Float], _ type: ElementType) -> [UInt8] {
    values.flatMap { value in
      let pattern: UInt32 =
        switch type {
        case .f32: value.bitPattern
        case .f16: UInt32(Float16(value).bitPattern)
        default: value.bitPattern >> 16
        }
      return (0..<type.byteCount).map { UInt8(truncatingIfNeeded: pattern >> (8 * UInt32($0))) }
    }
  }
}
