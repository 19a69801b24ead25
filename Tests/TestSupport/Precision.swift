/// How far `value` is from `exact` in units of the last place of an f32 of that size.
package func ulps(_ value: Float, from exact: Double) -> Double {
  if Double(value) == exact { return 0 }
  let unit = max(Float(abs(exact)).ulp, Float.leastNonzeroMagnitude)
  return abs(Double(value) - exact) / Double(unit)
}

/// Whether an f32 transcendental function is as good as promised: within 8 units of the last place or
/// a relative error of 1e-6; `floor` is the absolute error allowed where the function is cut off.
package func isAccurate(_ value: Float, _ exact: Double, floor: Double = 0) -> Bool {
  if !exact.isFinite { return exact.isNaN ? value.isNaN : Double(value) == exact }
  let error = abs(Double(value) - exact)
  return error <= max(1e-6 * abs(exact), floor) || ulps(value, from: exact) <= 8
}

/// The largest |a − b|.
package func largestError(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "\(a.count) values compared with \(b.count)")
  return zip(a, b).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
}

/// ‖a − b‖₂ / ‖b‖₂, where the oracle has f64.
package func relativeError(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "\(a.count) values compared with \(b.count)")
  let difference = zip(a, b).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
  let norm = b.reduce(0) { $0 + $1 * $1 }
  return (difference / max(norm, .leastNormalMagnitude)).squareRoot()
}

/// The samples that a decoder's output becomes: clamped, 8 bits, halves rounded to even.
package func eightBitSamples(_ values: [Float]) -> [Int] {
  values.map { value in
    Int((min(max(value * 0.5 + 0.5, 0), 1) * 255).rounded(.toNearestOrEven))
  }
}
