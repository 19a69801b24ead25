extension Convolution.KernelView {
  /// Reads the kernels of some outputs of a convolution, in f32.
  ///
  /// - Parameters:
  ///   - weight: the stored kernels.
  ///   - outputs: output channels of `convolution`.
  ///   - destination: takes `[outputs, inChannels, kernelSize, kernelSize]`.
  ///   - extra: room for nine values for each output.
  func read(
    _ weight: StoredTensor, of convolution: Convolution, outputs: Range<Int>, _ kernels: Kernels,
    into destination: UnsafeMutablePointer<Float>, extra: UnsafeMutablePointer<Float>
  ) {
    guard self != .stored else {
      return unsafe kernels.convert(
        weight.pointer + outputs.lowerBound * convolution.k * weight.type.byteCount, weight.type,
        count: outputs.count * convolution.k, into: destination)
    }
    let stored = self == .rotated ? convolution.tapCount : 9
    for input in 0..<convolution.inChannels {
      let first = (input * convolution.outChannels + outputs.lowerBound) * stored
      unsafe kernels.convert(
        weight.pointer + first * weight.type.byteCount, weight.type,
        count: outputs.count * stored, into: extra)
      for output in 0..<outputs.count {
        let source = unsafe UnsafePointer(extra + output * stored)
        let place =
          unsafe destination
          + (output * convolution.inChannels + input) * convolution.tapCount
        if self == .rotated {
          for tap in 0..<stored { unsafe place[tap] = source[stored - 1 - tap] }
        } else {
          unsafe Self.fold(source, into: place)
        }
      }
    }
  }

  /// Makes a 4x4 kernel of a 3x3 one: the rotated values, each counted for the two pixels of either
  /// direction that it reaches from one stored pixel.
  private static func fold(
    _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>
  ) {
    unsafe destination.update(repeating: 0, count: 16)
    for tap in 0..<9 {
      let (row, column) = (2 - tap / 3, 2 - tap % 3)
      for pixel in 0..<4 {
        unsafe destination[(row + pixel / 2) * 4 + column + pixel % 2] += source[tap]
      }
    }
  }
}
