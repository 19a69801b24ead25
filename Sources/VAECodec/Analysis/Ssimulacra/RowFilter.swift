/// The Gaussian of SSIMULACRA 2 along a row.
struct RowFilter {
  /// Zeros that a row has before its samples.
  static let leadingZeros = 2 * RecursiveGaussian.radius
  /// Zeros that a row has after its samples.
  static let trailingZeros = RecursiveGaussian.radius - 1

  private typealias Four = RecursiveGaussian.Four

  /// The last two outputs of a cosine.
  private struct State {
    var previous = 0.0
    var beforePrevious = 0.0
  }

  /// Filters the `width` samples of a row that begins, with its zeros, at index `start` of `rows`.
  ///
  /// - Parameters:
  ///   - output: takes the row in blocks of four samples.
  ///   - block: where in `output`; lanes beyond the width are left as they are.
  func filter(
    _ rows: [Float], at start: Int, width: Int,
    into output: inout [SIMD4<Float>], at block: Int
  ) {
    precondition(
      start >= 0 && width > 0 && block >= 0 && block + (width + 3) / 4 <= output.count
        && start + Self.leadingZeros + width + Self.trailingZeros <= rows.count)
    let cosines = RecursiveGaussian.cosines
    let rows = rows.span
    var output = output.mutableSpan
    var states = InlineArray<3, State>(repeating: State())
    let reach = 2 * RecursiveGaussian.radius
    let left = start + RecursiveGaussian.radius - 1
    // The precondition bounds every index, as n is in -4..<width.
    func sum(_ n: Int) -> Float {
      unsafe rows[unchecked: left + n] + rows[unchecked: left + n + reach]
    }
    for n in 1 - RecursiveGaussian.radius..<0 { _ = Self.step(sum(n), &states, cosines) }
    var n = 0
    while n < width {
      // Four at a time are rounded otherwise than one at a time, so the places are the program's.
      if n >= 8 && n < width - 7 {
        let sums = SIMD4(sum(n), sum(n + 1), sum(n + 2), sum(n + 3))
        unsafe output[unchecked: block + n / 4] = Self.fourSteps(sums, &states, cosines)
        n += 4
      } else {
        unsafe output[unchecked: block + n / 4][n % 4] = Self.step(sum(n), &states, cosines)
        n += 1
      }
    }
  }

  private static func step(
    _ sum: Float, _ states: inout InlineArray<3, State>,
    _ cosines: borrowing InlineArray<3, RecursiveGaussian.Cosine>
  ) -> Float {
    var outputs = InlineArray<3, Float>(repeating: 0)
    for index in 0..<3 {
      let state = states[index]
      var output = Double(Float(Double(sum) * cosines[index].input))
      output = Double(Float(output - state.beforePrevious))
      let result = Float(output + cosines[index].resonance * state.previous)
      states[index] = State(previous: Double(result), beforePrevious: state.previous)
      outputs[index] = result
    }
    return outputs[0] + (outputs[1] + outputs[2])
  }

  private static func fourSteps(
    _ sums: SIMD4<Float>, _ states: inout InlineArray<3, State>,
    _ cosines: borrowing InlineArray<3, RecursiveGaussian.Cosine>
  ) -> SIMD4<Float> {
    let sums = Four(sums)
    var outputs = InlineArray<3, SIMD4<Float>>(repeating: .zero)
    for index in 0..<3 {
      let state = states[index]
      let cosine = cosines[index]
      var output = (cosine.inputs[0] * sums.x).roundedToFloat
      output = (output + cosine.inputs[1] * sums.y).roundedToFloat
      output = (output + cosine.inputs[2] * sums.z).roundedToFloat
      output = (output + cosine.inputs[3] * sums.w).roundedToFloat
      output = (output + cosine.beforePrevious * state.beforePrevious).roundedToFloat
      let result = SIMD4<Float>(output + cosine.previous * state.previous)
      states[index] = State(previous: Double(result.w), beforePrevious: Double(result.z))
      outputs[index] = result
    }
    return outputs[0] + (outputs[1] + outputs[2])
  }
}
