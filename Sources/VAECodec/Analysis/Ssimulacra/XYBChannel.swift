import Glibc

/// A channel of the colour space XYB, scaled as SSIMULACRA 2 has it: about 0...1 for sRGB.
///
/// Rounds as libjxl does, see `RecursiveGaussian`.
///
/// - SeeAlso: Matrix and bias are those of JPEG XL, ISO/IEC 18181-1; scale and offset those of
///   `ssimulacra2`.
enum XYBChannel: CaseIterable, Sendable {
  /// Red against green.
  case x
  /// Luminance.
  case y
  /// Blue against luminance.
  case b

  private typealias Four = RecursiveGaussian.Four

  /// What a kind of cone takes up: weights of red, green and blue.
  private struct Cone {
    let red: Double
    let green: Double
    let blue: Double

    init(red: Float, blue: Float) {
      self.red = Double(red)
      green = Double(1 - blue - red)
      self.blue = Double(blue)
    }

    /// For the short cones, whose third weight is what blue has.
    init(red: Float, green: Float) {
      self.red = Double(red)
      self.green = Double(green)
      blue = Double(1 - red - green)
    }
  }

  private static let long = Cone(red: 0.3, blue: 0.078)
  private static let medium = Cone(red: 0.23, blue: 0.078)
  private static let short = Cone(red: 0.243_422_689_245_478_19, green: 0.204_767_444_244_968_21)
  /// Added to what every cone takes up.
  private static let bias: Float = 0.003_793_073_255_275_449_3
  private static let biasRoot = Double(cbrtf(bias))

  /// The channel of four pixels of linear red, green and blue in 0...1.
  func values(_ red: SIMD4<Float>, _ green: SIMD4<Float>, _ blue: SIMD4<Float>) -> SIMD4<Float> {
    let (red, green, blue) = (Four(red), Four(green), Four(blue))
    let long = Self.response(Self.long, red, green, blue)
    let medium = Self.response(Self.medium, red, green, blue)
    let luminance = 0.5 * (long + medium)
    switch self {
    case .x: return 0.5 * (long - medium) * 14 + 0.42
    case .y: return luminance + 0.01
    case .b: return Self.response(Self.short, red, green, blue) - luminance + 0.55
    }
  }

  /// The cube root of what a cone takes up and the bias, less that of the bias.
  private static func response(
    _ cone: Cone, _ red: Four, _ green: Four, _ blue: Four
  ) -> SIMD4<Float> {
    var values = (blue * cone.blue + Double(bias)).roundedToFloat
    values = (green * cone.green + values).roundedToFloat
    values = (red * cone.red + values).roundedToFloat
    let root = inverseCubeRoots(values)
    return SIMD4<Float>((root * root).roundedToFloat * values - biasRoot)
  }

  /// Newton's method for the inverse of the cube root, which needs no division.
  private static func inverseCubeRoots(_ values: Four) -> Four {
    let exponents = unsafe unsafeBitCast(SIMD4<Float>(values), to: SIMD4<UInt32>.self) &>> 23
    // The first guess is right for powers of eight, and flat between powers of two.
    var root = Four(
      unsafe unsafeBitCast(0x5480_0000 &- exponents &* 0x002A_AAAA, to: SIMD4<Float>.self))
    let third = Double(Float(1) / 3)
    let thirds = (values * third).roundedToFloat
    for _ in 0..<3 {
      let square = (root * root).roundedToFloat
      let fourth = (square * square).roundedToFloat
      root = ((root * Double(Float(4) / 3)).roundedToFloat - thirds * fourth).roundedToFloat
    }
    let square = (root * root).roundedToFloat
    let fourth = (square * square).roundedToFloat
    return ((root - values * fourth).roundedToFloat * third + root).roundedToFloat
  }
}
