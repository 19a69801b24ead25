/// Planes of values as quantised numbers in a range-coded stream.
///
/// The stream says nothing of its size: extents, steps and first errors come from elsewhere.
struct QuantizedPlanes {
  /// Numbers stay below this, so that what is computed from them fits its integers.
  static let numberLimit: Float = 16_000
  /// The step of each plane; finite and above 0.
  let steps: [Float]
  /// Eight times the binary logarithm of the first error of each plane, in 1/16 step.
  let firstErrors: [UInt8]

  /// Quantises `values`.
  ///
  /// - Parameters:
  ///   - values: `[planes, height, width]`, finite.
  ///   - steps: the step wanted for each plane; taken larger where values would not fit.
  /// - Returns: what a decoder must know, and the stream.
  static func encoded(
    _ values: [Float], _ extents: PlaneExtents, steps: [Float]
  ) -> (QuantizedPlanes, stream: [UInt8]) {
    let (header, scaled) = prepared(values, extents, steps: steps)
    return (header, stream: header.stream(scaled, extents))
  }

  /// The values that a decoder makes of what `encoded` makes of `values`.
  ///
  /// - Parameters: as of `encoded`.
  static func rounded(_ values: [Float], _ extents: PlaneExtents, steps: [Float]) -> [Float] {
    let (header, scaled) = prepared(values, extents, steps: steps)
    let planeCount = extents.height * extents.width
    return numbers(scaled, extents).enumerated().map { index, number in
      header.value(of: number, plane: index / planeCount)
    }
  }

  /// `values` in steps, and what a decoder must know.
  private static func prepared(
    _ values: [Float], _ extents: PlaneExtents, steps: [Float]
  ) -> (QuantizedPlanes, scaled: [Float]) {
    let planeCount = extents.height * extents.width
    var scaled = [Float](repeating: 0, count: values.count)
    var (usedSteps, firstErrors) = ([Float](), [UInt8]())
    for plane in 0..<extents.planes {
      let range = plane * planeCount..<(plane + 1) * planeCount
      let largest = values[range].reduce(0) { max($0, abs($1)) }
      let step = max(steps[plane], largest / numberLimit, .leastNormalMagnitude)
      for index in range { scaled[index] = values[index] / step }
      usedSteps.append(step)
      firstErrors.append(firstError(scaled[range]))
    }
    return (QuantizedPlanes(steps: usedSteps, firstErrors: firstErrors), scaled)
  }

  /// The numbers that stand for values in steps.
  private static func numbers(_ scaled: [Float], _ extents: PlaneExtents) -> [Int32] {
    TrellisQuantizer.quantized(scaled, DistributionEstimate.predictions(scaled, extents))
  }

  private func value(of number: Int32, plane: Int) -> Float {
    let limit = Float.greatestFiniteMagnitude
    return min(max(Float(number) * steps[plane], -limit), limit)
  }

  /// The values of a stream, or nil if it is not exactly as long as it should be.
  ///
  /// - Precondition: there are a step and a first error for each plane.
  func decoded(_ stream: [UInt8], _ extents: PlaneExtents) -> [Float]? {
    var decoder = RangeDecoder(stream)
    var state = 0
    var values = [Float](repeating: 0, count: extents.count)
    PlaneWalk.forEach(extents, firstErrors: firstErrors) { index, plane, prediction in
      let number = ResidualCoder.code(
        0, parity: TrellisQuantizer.State.parity(state), prediction, with: &decoder)
      state = TrellisQuantizer.State.next(state, number)
      values[index] = value(of: number, plane: plane)
      return number
    }
    return decoder.position == stream.count ? values : nil
  }

  private func stream(_ scaled: [Float], _ extents: PlaneExtents) -> [UInt8] {
    let numbers = Self.numbers(scaled, extents)
    var encoder = RangeEncoder()
    var state = 0
    PlaneWalk.forEach(extents, firstErrors: firstErrors) { index, _, prediction in
      let number = numbers[index]
      _ = ResidualCoder.code(
        number, parity: TrellisQuantizer.State.parity(state), prediction, with: &encoder)
      state = TrellisQuantizer.State.next(state, number)
      return number
    }
    return encoder.finished()
  }

  /// What the errors in a plane will be about: half the mean difference of neighbours.
  static func firstError(_ plane: ArraySlice<Float>) -> UInt8 {
    let sum = zip(plane, plane.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
    let mean = Int64(8 * sum / Float(max(plane.count - 1, 1))) + 1
    let logarithm = FixedPointLogarithm.log2(mean) >> 7
    return UInt8(min(logarithm, Int64(PlaneExtents.largestFirstError)))
  }
}
