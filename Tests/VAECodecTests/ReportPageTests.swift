import Foundation
import TestSupport
import Testing

@testable import VAECodec

/// The page of a report, as text.
@Suite struct ReportPageTests {
  private static let hostile = "<img src=x onerror=alert(1)>\"'&</script><!--\u{202E}\u{0}.png"

  /// A page of three pictures, the second of which is the worst and has a hostile name, and a failure.
  static func page() throws -> ReportPage {
    var page = ReportPage(title: "Round <trip>", facts: [("model", "a/<b>&c")])
    for (name, change) in [("good.png", 2), (hostile, 90), ("photos/fair.png", 20)] {
      let reference = TestPictures.smooth(width: 48, height: 32)
      let picture = Image(
        width: 48, height: 32,
        color: .bits8(
          reference.color.eightBitValues.enumerated().map {
            UInt8(($1 &+ UInt8($0 % change)) & 255)
          }))
      try page.add(
        .init(
          named: name, reference, picture, Comparison(reference, picture), bitsPerPixel: 0.25,
          failure: change == 90 ? "PSNR is below <30>" : nil))
    }
    try page.add(.init(named: "broken.png", failure: "the file is empty"))
    return page
  }

  private static func text() throws -> String {
    String(decoding: try page().html(), as: UTF8.self)
  }

  @Test func `the page asks for nothing`() throws {
    let text = try Self.text()
    #expect(text.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(text.contains("content=\"default-src 'none'; img-src data:;"))
    for sign in ["http:", "https:", "//", "@import", "url(", "<link", "<iframe", "<object"] {
      #expect(!Self.withoutData(text).contains(sign), "\(sign)")
    }
    let sources = text.matches(of: /src="([^"]{0,22})/).map(\.output.1)
    #expect(sources.count == 9)
    #expect(sources.allSatisfy { $0 == "data:image/png;base64," })
    let links = text.matches(of: /href="([^"]*)"/).map(\.output.1)
    #expect(!links.isEmpty && links.allSatisfy { $0.hasPrefix("#p") })
  }

  @Test func `names are text wherever they stand`() throws {
    let text = try Self.text()
    #expect(!text.contains("<img src"))
    // Programs are given the name as it is.
    let shown = text[..<(try #require(text.firstRange(of: "<script type=")).lowerBound)]
    #expect(!shown.unicodeScalars.contains("\u{202E}"))
    #expect(text.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;/"))
    #expect(text.contains("Round &lt;trip&gt;") && text.contains("<b>a/&lt;b&gt;&amp;c</b>"))
    #expect(text.ranges(of: "</script>").count == 2)
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
  }

  @Test func `tags are closed in the order in which they were opened`() throws {
    var open: [Substring] = []
    let text = Self.withoutData(try Self.text()).replacing(
      /<(style|script)[^>]*>.*?<\/\1>/.dotMatchesNewlines(), with: "")
    for tag in text.matches(of: /<(\/?)([a-z0-9]+)((?: [A-Za-z:-]+(?:="[^"<]*")?)*)(\/?)>/) {
      let (_, end, name, _, slash) = tag.output
      if end == "/" {
        #expect(open.popLast() == name)
      } else if slash.isEmpty, !["meta", "img", "input", "wbr"].contains(name) {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
    // Every "<" was part of a tag.
    let tags = text.matches(of: /<\/?[a-z0-9]+(?: [A-Za-z:-]+(?:="[^"<]*")?)*\/?>/).count
    #expect(text.count { $0 == "<" } == tags + 1)
  }

  @Test func `the same entries give the same bytes`() throws {
    #expect(try Self.page().html() == Self.page().html())
  }

  @Test func `programs find the numbers, the worst first`() throws {
    let text = try Self.text()
    let start = try #require(
      text.firstRange(of: "<script type=\"application/json\" id=\"report\">"))
    let end = try #require(text[start.upperBound...].firstRange(of: "</script>"))
    let data = Data(text[start.upperBound..<end.lowerBound].utf8)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let entries = try #require(json["entries"] as? [[String: Any]])
    #expect(
      entries.compactMap { $0["name"] as? String } == [
        "broken.png", Self.hostile, "photos/fair.png", "good.png",
      ])
    #expect(entries[1]["failure"] as? String == "PSNR is below <30>")
    #expect(entries[3]["bpp"] as? Double == 0.25 && entries[0]["psnr"] == nil)
  }

  @Test func `equal pictures come last, and their PSNR is no number`() throws {
    var page = try Self.page()
    let picture = TestPictures.smooth(width: 20, height: 10)
    try page.add(.init(named: "same.png", picture, picture, Comparison(picture, picture)))
    let text = String(decoding: try page.html(), as: UTF8.self)
    #expect(text.contains("\"psnr\":null"))
    #expect(text.contains("<td data-v=\"1e999\">\u{221E}</td>"))
    let last = try #require(text.ranges(of: "<h3>").last)
    #expect(text[last.upperBound...].hasPrefix("same.png"))
  }

  @Test func `a large picture is shown reduced, and the page says so`() throws {
    var page = ReportPage(title: "x")
    let picture = TestPictures.smooth(width: 1500, height: 30)
    try page.add(.init(named: "wide.png", picture, picture, Comparison(picture, picture)))
    let text = String(decoding: try page.html(), as: UTF8.self)
    #expect(text.contains("width=\"1024\" height=\"20\""))
    #expect(text.contains("1500\u{D7}30 pixels") && text.contains("longest side of 1024 pixels"))
  }

  @Test func `of many pictures the worst are shown`() throws {
    var page = ReportPage(title: "x")
    let picture = Image(width: 1, height: 1, color: .bits8([1, 2, 3]))
    // 230 in an order that is neither ascending nor descending.
    for index in 0..<230 {
      let value = Double(index * 91 % 230)
      try page.add(
        .init(
          named: "\(Int(value)).png", values: [(.psnr, value)], reference: picture, picture: picture
        ))
    }
    let text = String(decoding: try page.html(), as: UTF8.self)
    let shown = text.matches(of: /<h3>([0-9]+)\.png/).compactMap { Int($0.output.1) }
    #expect(shown == Array(0..<200))
    #expect(text.contains("Shown are 200 of 230"))
    #expect(text.ranges(of: "<th scope=\"row\">").count == 230)
  }

  @Test func `the page is hardly larger than its pictures in base 64`() throws {
    var page = ReportPage(title: "x")
    let reference = try Image(contentsOf: Fixtures.path("demo.jpg"))
    let picture = try Image(decoding: reference.jpegData(quality: 20))
    try page.add(.init(named: "demo.jpg", reference, picture, Comparison(reference, picture)))
    let pictures = [reference, picture, try DifferenceMap(reference, picture).image]
    let byteCount = try pictures.reduce(0) { try $0 + $1.pngData().count }
    #expect(try page.html().count * 2 < 3 * byteCount)
  }

  @Test(arguments: [
    [21.61, 29.9], [0.1999, 0.28], [5, 5], [1, 5], [0, 1e6], [-3, 12.5], [33.3333, 33.3334],
  ])
  func `the ends of an axis are round numbers around the values`(values: [Double]) {
    let axis = ReportAxis(values, isWhole: false)
    #expect((2...8).contains(axis.ticks.count), "\(axis.ticks)")
    #expect(values.allSatisfy { (-1e-9...1 + 1e-9).contains(axis.position($0)) }, "\(axis.ticks)")
    #expect(Set(axis.ticks.map(axis.text)).count == axis.ticks.count)
  }

  /// The page without the bytes of its pictures.
  private static func withoutData(_ text: String) -> String {
    text.replacing(/base64,[A-Za-z0-9+\/=]*/, with: "")
  }
}
