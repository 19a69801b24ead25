import Testing
import VAECodec

/// Pictures laid over a matte.
struct ImageFlatteningTests {
  @Test("a picture without an alpha plane stays as it is")
  func opaque() {
    let picture = Image(width: 1, height: 1, color: .bits8([1, 2, 3]))
    #expect(picture.flattened(over: .white) == picture)
  }

  @Test("every 8-bit sample and opacity gives the nearest value of the mixture")
  func allValues() throws {
    let matte = Matte(red: 0, green: 100, blue: 255)
    for opacity in 0...255 {
      let color = (0..<768).map { UInt8($0 / 3) }
      let alpha = [UInt8](repeating: UInt8(opacity), count: 256)
      let flat = Image(width: 256, height: 1, color: .bits8(color), alpha: .bits8(alpha))
        .flattened(over: matte)
      let expected = (0..<768).map { i in
        let background = [0.0, 100, 255][i % 3]
        let mixture = Double(opacity) * Double(i / 3) + Double(255 - opacity) * background
        return UInt8((mixture / 255).rounded())
      }
      #expect(flat.color == .bits8(expected))
      #expect(flat.alpha == nil)
    }
  }

  @Test("16-bit samples are laid over the matte at their own scale")
  func sixteenBits() {
    let picture = Image(
      width: 3, height: 1, color: .bits16([0, 1000, 65535, 0, 1000, 65535, 0, 1000, 65535]),
      alpha: .bits16([0, 65535, 32768]))
    let flat = picture.flattened(over: Matte(red: 255, green: 128, blue: 0))
    #expect(flat.color == .bits16([65535, 32896, 0, 0, 1000, 65535, 32767, 16948, 32768]))
  }
}
