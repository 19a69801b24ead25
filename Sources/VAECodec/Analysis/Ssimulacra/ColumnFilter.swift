/// The Gaussian of SSIMULACRA 2 down four columns.
struct ColumnFilter {
  private typealias Four = RecursiveGaussian.Four

  /// Rows from one that enters the filter to the one that leaves it.
  static let reach = 2 * RecursiveGaussian.radius
  /// Rows from one that enters the filter to the one that is filtered by it.
  static let delay = RecursiveGaussian.radius - 1

  /// The last two outputs of each cosine.
  private var previous = InlineArray<3, SIMD4<Float>>(repeating: .zero)
  private var beforePrevious = InlineArray<3, SIMD4<Float>>(repeating: .zero)

  /// Takes the samples of a row and of the one ten rows before; returns those of the row four before.
  @inline(__always)
  mutating func push(
    _ entering: SIMD4<Float>, leaving: SIMD4<Float>,
    _ cosines: borrowing InlineArray<3, RecursiveGaussian.Cosine>
  ) -> SIMD4<Float> {
    let sum = Four(leaving + entering)
    var output = SIMD4<Float>.zero
    // The last is added first, as the program does.
    for index in (0..<3).reversed() {
      let past = SIMD4<Float>(
        Four(previous[index]) * cosines[index].resonance - Four(beforePrevious[index]))
      beforePrevious[index] = previous[index]
      previous[index] = SIMD4<Float>(sum * cosines[index].input + Four(past))
      output = previous[index] + output
    }
    return output
  }
}
