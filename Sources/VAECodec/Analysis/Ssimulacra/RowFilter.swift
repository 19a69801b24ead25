/// The Gaussian of SSIMULACRA 2 along a row.
enum RowFilter {
  /// Zeros that a row has before its samples.
  static let leadingZeros = 2 * RecursiveGaussian.radius
  /// Zeros that a row has after its samples.
  private static let trailingZeros = RecursiveGaussian.radius - 1

  private typealias Four = RecursiveGaussian.Four

  /// The last two outputs of a cosine.
  private struct State {
    var previous = 0.0
    var beforePrevious = 0.0
  }

  /// A row of zeros for whole blocks of four samples, with its zeros around them.
  static func line(width: Int) -> [Float] {
    Array(repeating: 0, count: leadingZeros + (width + 3) / 4 * 4 + trailingZeros)
  }

  /// Filters `width` samples, which have their zeros around them in `row`, into `output` from its block
  /// `block` on, four to a block; lanes beyond the width are left as they are.
  static func filter(
    _ row: [Float], width: Int, into output: inout [SIMD4<Float>], at block: Int
  ) {
    precondition(
      width > 0 && block >= 0 && block + (width + 3) / 4 <= output.count
        && leadingZeros + width + trailingZeros <= row.count)
    let cosines = RecursiveGaussian.cosines
    let row = row.span
    var output = output.mutableSpan
    var states = InlineArray<3, State>(repeating: State())
    let left = RecursiveGaussian.radius - 1
    // The precondition bounds every index, as n is in -4..<width.
    func sum(_ n: Int) -> Float {
      unsafe row[unchecked: left &+ n] + row[unchecked: left &+ n &+ 2 &* RecursiveGaussian.radius]
    }
    for n in 1 - RecursiveGaussian.radius..<0 { _ = step(sum(n), &states, cosines) }
    var n = 0
    while n < width {
      // Four at a time are rounded otherwise than one at a time, so the places are the program's.
      if n >= 8 && n < width - 7 {
        let sums = Four(SIMD4(sum(n), sum(n + 1), sum(n + 2), sum(n + 3)))
        let first = fourSteps(sums, &states[0], cosines[0])
        let third = fourSteps(sums, &states[1], cosines[1])
        let fifth = fourSteps(sums, &states[2], cosines[2])
        unsafe output[unchecked: block + n / 4] = first + (third + fifth)
        n += 4
      } else {
        unsafe output[unchecked: block + n / 4][n % 4] = step(sum(n), &states, cosines)
        n += 1
      }
    }
  }

  private static func step(
    _ sum: Float, _ states: inout InlineArray<3, State>,
    _ cosines: borrowing InlineArray<3, RecursiveGaussian.Cosine>
  ) -> Float {
    var total: Float = 0
    // The last is added first, as the program does.
    for index in (0..<3).reversed() {
      let state = states[index]
      let output = Float(Double(sum) * cosines[index].input)
      let change = Float(Double(output) - state.beforePrevious)
      let result = Float(Double(change) + cosines[index].resonance * state.previous)
      states[index] = State(previous: Double(result), beforePrevious: state.previous)
      total = result + total
    }
    return total
  }

  @inline(__always)
  private static func fourSteps(
    _ sums: Four, _ state: inout State, _ cosine: borrowing RecursiveGaussian.Cosine
  ) -> SIMD4<Float> {
    var output = (cosine.inputs[0] * sums.x).roundedToFloat
    output = (output + cosine.inputs[1] * sums.y).roundedToFloat
    // The third and the fourth input come after the first two outputs.
    var later = output.highHalf
    later = (later + cosine.inputs[2].highHalf * sums.z).roundedToFloat
    later = (later + cosine.inputs[3].highHalf * sums.w).roundedToFloat
    output.highHalf = later
    output = (output + cosine.beforePrevious * state.beforePrevious).roundedToFloat
    let result = SIMD4<Float>(output + cosine.previous * state.previous)
    state = State(previous: Double(result.w), beforePrevious: Double(result.z))
    return result
  }
}
