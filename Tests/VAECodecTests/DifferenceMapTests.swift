import Testing

@testable import VAECodec

/// Maps of differences, and the sheets that show them.
@Suite struct DifferenceMapTests {
  @Test func `a pixel has the largest difference of its three colours`() throws {
    let map = try DifferenceMap(
      Self.image([10, 20, 30, 0, 0, 0]), Self.image([10, 25, 0, 0, 255, 3]))
    #expect(map.levels == [30, 255])
    #expect(map.canvas.samples.suffix(3).elementsEqual(Self.components(DifferenceMap.colors[64])))
    #expect(map.canvas.samples.prefix(3).elementsEqual(Self.components(DifferenceMap.colors[30])))
  }

  @Test func `equal pictures have the darkest colour everywhere`() throws {
    let picture = TestPictures.smooth(width: 9, height: 5)
    let map = try DifferenceMap(picture, picture)
    #expect(map.canvas == Canvas(width: 9, height: 5, DifferenceMap.colors[0]))
  }

  @Test func `depth and transparency count as they do in comparisons`() throws {
    let deep = Image(width: 1, height: 1, color: .bits16([257 * 40, 0, 129]))
    #expect(try DifferenceMap(deep, Self.image([40, 0, 0])).levels == [1])
    #expect(try DifferenceMap(deep, Self.image([40, 0, 1])).levels == [0])
    let clear = Image(
      width: 1, height: 1, color: .bits8([0, 0, 0]), alpha: .bits8([0]))
    #expect(try DifferenceMap(clear, Self.image([255, 255, 255])).levels == [0])
    #expect(try DifferenceMap(clear, Self.image([255, 200, 255])).levels == [55])
  }

  @Test func `maps are of two pictures of one size`() {
    #expect(
      throws: ComparisonError.sizesDiffer(
        referenceWidth: 2, referenceHeight: 1, pictureWidth: 1, pictureHeight: 1)
    ) { try DifferenceMap(Self.image([0, 0, 0, 0, 0, 0]), Self.image([0, 0, 0])) }
  }

  @Test func `a single wrong pixel stays where the map is reduced`() throws {
    let size = 90
    let plain = [UInt8](repeating: 100, count: 3 * size * size)
    for place in [0, 1234, size * size - 1] {
      var wrong = plain
      wrong[3 * place + 1] = 150
      let map = try DifferenceMap(Self.image(plain, width: size), Self.image(wrong, width: size))
      let small = map.reduced(toLongestSide: 11)
      #expect(small.width == 11 && small.height == 11)
      #expect(small.levels.max() == 50 && small.levels.count { $0 > 0 } == 1)
    }
  }

  @Test(arguments: [(400, 300), (3, 50), (700, 9)])
  func `a sheet has both pictures beside each other`(width: Int, height: Int) throws {
    let reference = TestPictures.smooth(width: width, height: height)
    let picture = Image(
      width: width, height: height,
      color: .bits8(reference.color.eightBitValues.map { $0 &+ 20 }))
    let sheet = try ComparisonSheet(
      reference, named: "photos/a.png", picture, named: "b.jpg", Comparison(reference, picture)
    ).image
    let factor = max(1, 320 / max(width, height))
    for image in [reference, picture, try DifferenceMap(reference, picture).image] {
      let shown = Canvas(image).enlarged(by: factor)
      #expect(Self.contains(shown, in: Canvas(sheet)))
    }
  }

  @Test func `a contact sheet has every picture and is no larger than allowed`() throws {
    var sheet = ContactSheet(side: 20)
    let pictures = (0..<7).map { index in
      Image(
        width: 20, height: 5 + index,
        color: .bits8([UInt8](repeating: UInt8(30 * index), count: 60 * (5 + index))))
    }
    for picture in pictures { sheet.add(picture, named: "a name that is too long.npz") }
    let image = try sheet.image()
    for picture in pictures { #expect(Self.contains(Canvas(picture), in: Canvas(image))) }
    // Four in a row.
    #expect(image.width == 2 * 16 + 4 * 20 + 3 * 10)
    #expect(
      throws: ImageFileError.tooManyPixels(width: image.width, height: image.height, limit: 100)
    ) { try sheet.image(maximumPixelCount: 100) }
  }

  /// Whether the rows of `part` stand somewhere in `whole`, one below the other.
  private static func contains(_ part: Canvas, in whole: Canvas) -> Bool {
    func row(_ canvas: Canvas, _ y: Int, x: Int, width: Int) -> ArraySlice<UInt8> {
      let start = 3 * (y * canvas.width + x)
      return canvas.samples[start..<start + 3 * width]
    }
    let first = row(part, 0, x: 0, width: part.width)
    for y in 0...(whole.height - part.height) {
      for x in 0...(whole.width - part.width)
      where row(whole, y, x: x, width: part.width) == first {
        let fits = (0..<part.height).allSatisfy {
          row(whole, y + $0, x: x, width: part.width) == row(part, $0, x: 0, width: part.width)
        }
        if fits { return true }
      }
    }
    return false
  }

  private static func components(_ color: Canvas.Color) -> [UInt8] {
    [color.red, color.green, color.blue]
  }

  private static func image(_ samples: [UInt8], width: Int? = nil) -> Image {
    let width = width ?? samples.count / 3
    return Image(width: width, height: samples.count / 3 / width, color: .bits8(samples))
  }
}
