/// A value of a convolution's kernels, as a product of the gradient of its weight has it.
///
/// Where the input is doubled these are the values of the kernels that are folded to 2x2, of each phase of
/// the output.
struct WeightGradientTap: Sendable {
  /// The phases of gradient and input that are multiplied.
  let gradientPhase: Int
  let inputPhase: Int
  /// The first pixel of the input under it.
  let row: Int
  let column: Int
  /// The stored values that it is the sum of.
  let values: [Int]

  /// The values of the kernels of `convolution`.
  static func taps(of convolution: Convolution) -> [WeightGradientTap] {
    if convolution.upsamples { return folded }
    let step = convolution.stride
    return (0..<convolution.tapCount).map { tap in
      let (row, column) = tap.quotientAndRemainder(dividingBy: convolution.kernelSize)
      return WeightGradientTap(
        gradientPhase: 0, inputPhase: row % step * step + column % step, row: row / step,
        column: column / step, values: [tap])
    }
  }

  private static let folded = (0..<16).map { index in
    let (phase, tap) = index.quotientAndRemainder(dividingBy: 4)
    let columns = folding(phase % 2, tap % 2)
    return WeightGradientTap(
      gradientPhase: phase, inputPhase: 0, row: phase / 2 + tap / 2, column: phase % 2 + tap % 2,
      values: folding(phase / 2, tap / 2).flatMap { row in columns.map { row * 3 + $0 } })
  }

  /// The rows of a kernel that fall onto the same stored row, in a phase of the doubled input.
  private static func folding(_ phase: Int, _ tap: Int) -> [Int] {
    [[[0], [1, 2]], [[0, 1], [2]]][phase][tap]
  }
}
