import Glibc

/// Four pixels in the colour space XYB, scaled as SSIMULACRA 2 has it: about 0...1 for sRGB.
///
/// Rounded as libjxl does, see `RecursiveGaussian`.
///
/// - SeeAlso: Matrix and bias are those of JPEG XL, ISO/IEC 18181-1; scale and offset those of
///   `ssimulacra2`.
struct XYB {
  /// Red against green.
  private(set) var x: SIMD4<Float>
  /// Luminance.
  private(set) var y: SIMD4<Float>
  /// Blue against luminance.
  private(set) var b: SIMD4<Float>

  private typealias Four = RecursiveGaussian.Four

  /// What a kind of cone takes up: weights of red, green and blue.
  private struct Cone {
    let red: Double
    let green: Double
    let blue: Double

    init(_ red: Float, _ green: Float, _ blue: Float) {
      self.red = Double(red)
      self.green = Double(green)
      self.blue = Double(blue)
    }
  }

  // The weights of a cone add up to 1.
  private static let long = Cone(0.3, 1 - 0.078 - 0.3, 0.078)
  private static let medium = Cone(0.23, 1 - 0.078 - 0.23, 0.078)
  private static let short = Cone(
    0.243_422_689_245_478_19, 0.204_767_444_244_968_21,
    1 - 0.243_422_689_245_478_19 - 0.204_767_444_244_968_21)
  /// Added to what every cone takes up.
  private static let bias: Float = 0.003_793_073_255_275_449_3
  private static let biasRoot = Double(cbrtf(bias))

  /// Pixels of linear red, green and blue in 0...1.
  init(_ red: SIMD4<Float>, _ green: SIMD4<Float>, _ blue: SIMD4<Float>) {
    let (red, green, blue) = (Four(red), Four(green), Four(blue))
    let long = Self.response(Self.long, red, green, blue)
    let medium = Self.response(Self.medium, red, green, blue)
    let short = Self.response(Self.short, red, green, blue)
    let luminance = 0.5 * (long + medium)
    x = 0.5 * (long - medium) * 14 + 0.42
    y = luminance + 0.01
    b = short - luminance + 0.55
  }

  /// Sets the pixels from index `start` on to zeros.
  mutating func clear(from start: Int) {
    for lane in start..<4 { (x[lane], y[lane], b[lane]) = (0, 0, 0) }
  }

  /// The cube root of what a cone takes up and the bias, less that of the bias.
  private static func response(
    _ cone: Cone, _ red: Four, _ green: Four, _ blue: Four
  ) -> SIMD4<Float> {
    var values = SIMD4<Float>(blue * cone.blue + Double(bias))
    values = SIMD4<Float>(green * cone.green + Four(values))
    values = SIMD4<Float>(red * cone.red + Four(values))
    let root = inverseCubeRoots(values)
    return SIMD4<Float>(Four(root * root) * Four(values) - biasRoot)
  }

  /// Newton's method for the inverse of the cube root, which needs no division.
  private static func inverseCubeRoots(_ values: SIMD4<Float>) -> SIMD4<Float> {
    let exponents = unsafe unsafeBitCast(values, to: SIMD4<UInt32>.self) &>> 23
    // The first guess is right for powers of eight, and flat between powers of two.
    var root = unsafe unsafeBitCast(
      0x5480_0000 &- exponents &* 0x002A_AAAA, to: SIMD4<Float>.self)
    let third: Float = 1 / 3
    let thirds = Four(values * third)
    for _ in 0..<3 {
      let square = root * root
      root = SIMD4<Float>(Four(root * (4 / 3)) - thirds * Four(square * square))
    }
    let square = root * root
    let error = SIMD4<Float>(Four(root) - Four(values) * Four(square * square))
    return SIMD4<Float>(Four(error) * Double(third) + Four(root))
  }
}
