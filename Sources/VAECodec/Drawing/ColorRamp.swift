import Glibc

/// The colours of heat maps: from black over violet, red and orange to pale yellow, each one lighter than
/// the one before by as much as the eye sees, so that they also tell more from less in grey.
///
/// They are computed in OKLab (Ottosson 2020): even steps of lightness, a hue that turns from blue to
/// yellow, and as much chroma as sRGB has room for.
enum ColorRamp {
  /// `count` colours, the darkest first.
  static func colors(_ count: Int) -> [Canvas.Color] {
    (0..<count).map { color(Double($0) / Double(max(1, count - 1))) }
  }

  /// The colour at `position` in 0...1.
  static func color(_ position: Double) -> Canvas.Color {
    let lightness = 0.13 + 0.85 * position
    let hue = (285 + 185 * position) / 180 * Double.pi
    // Little colour at the dark end, and at the light end as much as yellow takes.
    var chroma = 0.235 * sin(Double.pi * (0.12 + 0.76 * position))
    var color = linear(lightness, chroma, hue)
    while !color.allSatisfy({ (0...1).contains($0) }), chroma > 0.002 {
      chroma -= 0.002
      color = linear(lightness, chroma, hue)
    }
    let samples = color.map { UInt8((encoded(min(max($0, 0), 1)) * 255).rounded()) }
    return Canvas.Color(samples[0], samples[1], samples[2])
  }

  /// The lightness of a colour in OKLab, 0...1.
  static func lightness(_ color: Canvas.Color) -> Double {
    let (red, green, blue) = (decoded(color.red), decoded(color.green), decoded(color.blue))
    let long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
  }

  /// Linear sRGB of a colour in OKLab, given by lightness, chroma and hue.
  private static func linear(_ lightness: Double, _ chroma: Double, _ hue: Double) -> [Double] {
    let (a, b) = (chroma * cos(hue), chroma * sin(hue))
    let long = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
    let medium = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
    let short = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
    return [
      4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
      -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
      -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]
  }

  private static func encoded(_ value: Double) -> Double {
    value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
  }

  private static func decoded(_ sample: UInt8) -> Double {
    let value = Double(sample) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}
