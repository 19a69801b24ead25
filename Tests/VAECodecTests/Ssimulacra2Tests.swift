import FoundationEssentials
import TestSupport
import Testing
import VAECodec

/// SSIMULACRA 2 against the scores that libjxl's program gave to the same pairs.
@Suite struct Ssimulacra2Tests {
  /// A pair of `Fixtures/ssimulacra2.json`: a part of a picture, and what changes it.
  struct Pair: Decodable, Sendable, CustomTestStringConvertible {
    let picture: String
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    let change: String
    let strength: Int
    let score: Double

    var testDescription: String { "\(picture) \(width)x\(height) \(change) \(strength)" }
  }

  private static let pairs: [Pair] = {
    let index = try? Fixtures.bytes(at: Fixtures.path("ssimulacra2.json"))
    let pairs = try? JSONDecoder().decode([String: [Pair]].self, from: Data(index ?? []))
    return pairs?["pairs"] ?? []
  }()

  private static let demo = try? SampleGrid(Image(contentsOf: Fixtures.path("demo.png")))

  @Test func `there are forty pairs, of any quality`() {
    let scores = Self.pairs.map(\.score)
    #expect(scores.count == 40)
    for range in [-2000.0...0, 0...30, 30...60, 60...80, 80...90, 90...99.9, 100...100] {
      #expect(scores.contains { range.contains($0) }, "\(range)")
    }
  }

  @Test(arguments: pairs)
  func `a pair has the reference's score`(pair: Pair) throws {
    let picture =
      pair.picture == "demo.png"
      ? try #require(Self.demo)
      : try SampleGrid(Image(contentsOf: Fixtures.path(pair.picture)))
    let first = picture.cropped(pair.left, pair.top, pair.width, pair.height)
    let second = try #require(first.changed(pair.change, pair.strength))
    // libjxl's program is repeated to the last bit, but for sums in Double and eight printed digits.
    let score = try Comparison(first.image, second.image).ssimulacra2
    #expect(abs(try #require(score) - pair.score) < 1e-6)
  }

  @Test func `the score is the same for any number of threads`() throws {
    let first = try #require(Self.demo).cropped(200, 100, 90, 70)
    let second = try #require(first.changed("noisy", 7))
    let scores = try [1, 2, 3, 8].map {
      try Comparison(first.image, second.image, resources: Resources(threads: $0)).ssimulacra2
    }
    #expect(scores.allSatisfy { $0 == scores[0] && $0 != nil })
  }

  @Test(arguments: [(7, 7, false), (7, 90, false), (90, 7, false), (8, 8, true), (8, 90, true)])
  func `sides under eight pixels have no score`(width: Int, height: Int, has: Bool) throws {
    let first = try #require(Self.demo).cropped(3, 5, width, height)
    let second = try #require(first.changed("noisy", 7))
    #expect((try Comparison(first.image, second.image).ssimulacra2 != nil) == has)
    #expect(try Comparison(first.image, first.image).ssimulacra2 == (has ? 100 : nil))
  }

  @Test func `16-bit samples have the score of 8-bit ones`() throws {
    let first = try #require(Self.demo).cropped(200, 100, 60, 50)
    let second = try #require(first.changed("noisy", 7))
    let shallow = try #require(try Comparison(first.image, second.image).ssimulacra2)
    let deep = try #require(try Comparison(first.deepImage, second.image).ssimulacra2)
    #expect(abs(deep - shallow) < 0.1)
  }

  @Test func `alpha is scored on white`() throws {
    let first = try #require(Self.demo).cropped(200, 100, 40, 50)
    let faded = Image(
      width: 40, height: 50, color: first.image.color,
      alpha: .bits8((0..<2000).map { UInt8($0 % 256) }))
    let onWhite = first.onWhite { $0 % 256 }
    let score = try #require(try Comparison(first.image, faded).ssimulacra2)
    let expected = try #require(try Comparison(first.image, onWhite.image).ssimulacra2)
    // White was rounded to whole samples.
    #expect(abs(score - expected) < 0.5 && score < 60)
  }
}
