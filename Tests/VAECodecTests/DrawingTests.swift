import Testing

@testable import VAECodec

/// The canvas, its font and the colours of maps.
@Suite struct DrawingTests {
  @Test func `each colour of the scale is lighter than the one before, by nearly as much`() {
    let lightness = DifferenceMap.colors.map(ColorRamp.lightness)
    let steps = zip(lightness, lightness.dropFirst()).map { $1 - $0 }
    #expect(steps.count == 64)
    #expect(steps.allSatisfy { $0 > 0.01 && $0 < 0.016 }, "\(steps)")
    #expect(DifferenceMap.colors.first.map { max($0.red, $0.green, $0.blue) < 48 } == true)
  }

  @Test func `lightness is that of OKLab`() {
    #expect(abs(ColorRamp.lightness(.init(255)) - 1) < 1e-3)
    #expect(ColorRamp.lightness(.init(0)) == 0)
    // sRGB red, from the paper's own table.
    #expect(abs(ColorRamp.lightness(.init(255, 0, 0)) - 0.628) < 1e-3)
  }

  @Test func `printable characters have glyphs of their own, others a question mark`() {
    let printable = (33..<127).map { Character(Unicode.Scalar(UInt8($0))) }
    let glyphs = printable.map(BitmapFont.rows)
    #expect(Set(glyphs).count == printable.count)
    #expect(glyphs.allSatisfy { $0.count == 9 && $0.contains { $0 != 0 } })
    #expect(BitmapFont.rows(of: " ").allSatisfy { $0 == 0 })
    for other in ["é", "\u{1F600}", "\n", "\u{7F}", "日"] {
      #expect(BitmapFont.rows(of: Character(other)) == BitmapFont.rows(of: "?"))
    }
    #expect(
      BitmapFont.rows(of: "L") == [16, 16, 16, 16, 16, 16, 31, 0, 0])
  }

  @Test func `text and rectangles are cut at the edge of the canvas`() {
    var canvas = Canvas(width: 8, height: 4, .init(0))
    canvas.write("WWW", x: -3, y: -2, scale: 2, .init(9))
    canvas.fill(x: 6, y: 2, width: 100, height: 100, .init(200))
    canvas.fill(x: -5, y: -5, width: 5, height: 5, .init(77))
    #expect(canvas.samples.count == 96 && !canvas.samples.contains(77))
    #expect(canvas.samples.suffix(6) == [200, 200, 200, 200, 200, 200])
  }

  @Test(arguments: [(1, 1), (7, 3), (40, 90), (13, 200)])
  func `a plain picture stays plain at any size`(width: Int, height: Int) {
    let plain = Canvas(width: 31, height: 17, .init(10, 120, 250))
    #expect(
      plain.resized(width: width, height: height)
        == Canvas(width: width, height: height, .init(10, 120, 250)))
  }

  @Test func `a picture that shrinks keeps its mean, and one that grows its pixels' places`() {
    let picture = Canvas(TestPictures.smooth(width: 96, height: 64))
    let small = picture.resized(longestSide: 12)
    #expect(small.width == 12 && small.height == 8)
    #expect(abs(Self.mean(small) - Self.mean(picture)) < 1)
    let again = small.resized(longestSide: 96)
    let error = zip(picture.samples, again.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(error <= 12, "\(error)")
    #expect(picture.enlarged(by: 3).resized(longestSide: 96).width == 96)
  }

  @Test func `the finest pattern becomes grey and not another pattern`() {
    let checks = (0..<64 * 64).flatMap { index -> [UInt8] in
      let level: UInt8 = (index + index / 64) % 2 == 0 ? 255 : 0
      return [level, level, level]
    }
    let small = Canvas(width: 64, height: 64, samples: checks).resized(longestSide: 13)
    #expect(small.samples.allSatisfy { (110...145).contains($0) }, "\(small.samples)")
  }

  @Test func `an image is resized to its longest side, on white where it is transparent`() {
    let clear = Image(
      width: 2, height: 4, color: .bits16([UInt16](repeating: 0, count: 24)),
      alpha: .bits16([UInt16](repeating: 0, count: 8)))
    let image = clear.resized(longestSide: 9)
    #expect([image.width, image.height] == [5, 9] && image.alpha == nil)
    #expect(image.color == .bits8([UInt8](repeating: 255, count: 135)))
  }

  @Test func `long names lose their middle`() {
    #expect("photo.png".cut(to: 9) == "photo.png")
    #expect("a_long_name_0012.npz".cut(to: 12) == "a_lo..12.npz")
    #expect("abcdef".cut(to: 3) == "abc" && "abcdef".cut(to: 0).isEmpty)
  }

  private static func mean(_ canvas: Canvas) -> Double {
    canvas.samples.reduce(0) { $0 + Double($1) } / Double(canvas.samples.count)
  }
}
