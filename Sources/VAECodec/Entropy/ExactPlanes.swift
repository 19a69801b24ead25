/// Planes of floating-point values in a range-coded stream, without loss.
///
/// Each value is rounded to a multiple of a step, a power of two, and the number of steps is coded as
/// quantised values are; then comes which of the floats that round to it the value is. So what can be
/// predicted costs what it should, and the noise of the lower bits costs what it is. A value that
/// repeats the one to its left bit by bit, as values of flat pictures do, takes one decision.
struct ExactPlanes<Bits: FloatBits> {
  /// The binary logarithm of the step of each plane.
  let stepExponents: [Int16]
  /// Eight times the binary logarithm of the first error of each plane, in 1/16 half step.
  let firstErrors: [UInt8]

  /// The exponents of steps that leave all numbers finite and their halves exact.
  static var exponentRange: ClosedRange<Int16> { -23...120 }
  /// Numbers of steps stay below this, so that boundaries between them are exact in 16-bit floats.
  private static var numberLimit: Float { 1024 }

  /// Codes `values` `[planes, height, width]`, finite, which the format holds exactly.
  static func encoded(
    _ values: [Float], _ extents: PlaneExtents
  ) -> (ExactPlanes, stream: [UInt8]) {
    let planeCount = extents.height * extents.width
    var exponents: [Int16] = []
    var firstErrors: [UInt8] = []
    for plane in 0..<extents.planes {
      let slice = values[plane * planeCount..<(plane + 1) * planeCount]
      let exponent = stepExponent(largest: slice.reduce(0) { max($0, abs($1)) })
      exponents.append(exponent)
      // Divided first: twice the largest float is none.
      let numbers = slice.map { 2 * ($0 / Self.step(exponent)) }
      firstErrors.append(QuantizedPlanes.firstError(numbers[...]))
    }
    let planes = ExactPlanes(stepExponents: exponents, firstErrors: firstErrors)
    var encoder = RangeEncoder()
    _ = planes.code(values, extents, with: &encoder)
    return (planes, stream: encoder.finished())
  }

  /// The values of a stream, or nil if it is damaged.
  ///
  /// - Precondition: there are an exponent in `exponentRange` and a first error for each plane.
  func decoded(_ stream: [UInt8], _ extents: PlaneExtents) -> [Float]? {
    var decoder = RangeDecoder(stream)
    let values = code(nil, extents, with: &decoder)
    return decoder.position == stream.count ? values : nil
  }

  /// Codes `values`, or decodes them where the coder does; nil if the decisions make no sense.
  private func code(
    _ values: [Float]?, _ extents: PlaneExtents, with coder: inout some BinaryCoder
  ) -> [Float]? {
    var result = [Float](repeating: 0, count: extents.count)
    var repeats = RepeatModel(width: extents.width)
    var isSound = true
    PlaneWalk.forEach(extents, firstErrors: firstErrors) { index, plane, prediction in
      let step = Self.step(stepExponents[plane])
      let rank = values.map { Bits.rank($0[index]) } ?? 0
      let left = index % extents.width == 0 ? nil : Bits.rank(result[index - 1])
      if let left, repeats.code(rank == left, at: index, with: &coder) {
        result[index] = result[index - 1]
        return 2 * Self.number(result[index], step)
      }
      let number = values.map { Self.number($0[index], step) } ?? 0
      let found = ResidualCoder.code(2 * number, parity: 0, prediction, with: &coder)
      let first = Bits.rank(Float(found - 1) * (step / 2))
      let end = Bits.rank(Float(found + 1) * (step / 2))
      guard first < end else {
        isSound = false
        return found
      }
      let offset = coder.codeUniform(rank &- first, below: end - first)
      let value = Bits.value(rank: first + offset)
      // A damaged stream may lead to an infinity, which is no number of steps away.
      guard value.isFinite else {
        isSound = false
        return found
      }
      result[index] = value
      return found
    }
    return isSound ? result : nil
  }

  private static func step(_ exponent: Int16) -> Float {
    Float(sign: .plus, exponent: Int(exponent), significand: 1)
  }

  /// The multiple of `step` that `value` rounds to: boundaries belong to the number above.
  private static func number(_ value: Float, _ step: Float) -> Int32 {
    let number = Int32((value / step).rounded(.toNearestOrAwayFromZero))
    return value < 0 && value / step == Float(number) + 0.5 ? number + 1 : number
  }

  private static func stepExponent(largest: Float) -> Int16 {
    let exponent = largest > 0 ? Int(largest.exponent) + 1 - 10 : 0
    return Int16(
      min(max(exponent, Int(exponentRange.lowerBound)), Int(exponentRange.upperBound)))
  }
}
