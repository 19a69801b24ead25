/// Linear light of sRGB samples.
///
/// The curve of IEC 61966-2-1, above its straight part as the quotient of two polynomials that libjxl
/// has for it (`transfer_functions-inl.h`; error 5e-7), rounded as `RecursiveGaussian` says.
struct LinearLight {
  private let table: [Float]
  private let step: Float

  /// The curve for samples in 0...`peak`.
  init(peak: Double) {
    let step = Float(1 / peak)
    self.step = step
    table = (0...Int(peak)).map { Self.light(Float($0) * step) }
  }

  /// The light, in 0...1, of a sample in 0...`peak`, which need not be a whole number.
  func callAsFunction(_ sample: Double) -> Float {
    let index = Int(sample)
    return Double(index) == sample ? table[index] : Self.light(Float(sample) * step)
  }

  /// Coefficients from the highest power down.
  private static let numerator: [Float] = [
    8.210152774e-01, 7.961564959e-01, 1.624820318e-01, 1.043637593e-02, 2.200248328e-04,
  ]
  private static let denominator: [Float] = [
    6.521209011e-03, -5.512498495e-02, 4.987528350e-01, 1.076976492, 2.631846970e-01,
  ]

  private static func light(_ value: Float) -> Float {
    guard value > 0.04045 else { return value * (1 / 12.92) }
    func polynomial(_ coefficients: [Float]) -> Float {
      coefficients.reduce(0) { Float(Double($0) * Double(value) + Double($1)) }
    }
    return polynomial(numerator) / polynomial(denominator)
  }
}
