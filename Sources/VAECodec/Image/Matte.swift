/// The colour that stands behind transparent pixels where a picture has to be opaque.
public struct Matte: Sendable, Equatable {
  /// Components of the colour in 0...255.
  public let red, green, blue: UInt8

  /// The colour of the three components.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// White, the matte of most programs that flatten pictures.
  public static let white = Matte(red: 255, green: 255, blue: 255)

  /// The colour as six hexadecimal digits, such as "FFFFFF".
  public var hexadecimal: String {
    components.map { component in
      (component < 16 ? "0" : "") + String(component, radix: 16, uppercase: true)
    }.joined()
  }

  /// The components in the order red, green, blue.
  var components: [UInt8] { [red, green, blue] }
}
