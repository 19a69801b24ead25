import Testing
import VAECodec

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Comparisons against exact cases and against a slow oracle that sums every window directly.
@Suite struct ComparisonTests {
  // MARK: Exact cases

  @Test(arguments: [(1, 1), (10, 40), (11, 11), (161, 170)])
  func `equal pictures have no error`(width: Int, height: Int) throws {
    let picture = randomPicture(width, height, seed: 1)
    let comparison = try Comparison(picture, picture)
    #expect(comparison.psnr == nil)
    #expect(comparison.ssim == (min(width, height) < 11 ? nil : 1))
    #expect(comparison.msSSIM == (min(width, height) < 161 ? nil : 1))
    #expect(comparison.maximumDifference == 0)
    #expect(comparison.maximumAlphaDifference == nil)
  }

  @Test(arguments: [UInt8(1), 7, 255])
  func `a constant difference has the PSNR of its square`(levels: UInt8) throws {
    let comparison = try Comparison(
      flatPicture(level: 0, width: 12, height: 5), flatPicture(level: levels, width: 12, height: 5))
    let expected = 20 * log10(255 / Double(levels))
    #expect(abs(try #require(comparison.psnr) - expected) < 1e-12)
    #expect(comparison.maximumDifference == Double(levels))
  }

  @Test func `one level of difference is 48.1308 dB`() throws {
    let comparison = try Comparison(
      flatPicture(level: 127, width: 3, height: 3), flatPicture(level: 128, width: 3, height: 3))
    #expect(abs(try #require(comparison.psnr) - 48.130_803_608_679) < 1e-10)
  }

  @Test func `flat pictures differ in luminance only`() throws {
    let comparison = try Comparison(
      flatPicture(level: 100, width: 161, height: 161),
      flatPicture(level: 120, width: 161, height: 161))
    let constant = 2.55 * 2.55
    let luminance = (2 * 100 * 120 + constant) / (100 * 100 + 120 * 120 + constant)
    #expect(abs(try #require(comparison.ssim) - luminance) < 1e-12)
  }

  @Test(arguments: [(10, 11, false, false), (11, 160, true, false), (160, 161, true, false)])
  func `small sides have no windows`(width: Int, height: Int, ssim: Bool, msSSIM: Bool) throws {
    let comparison = try Comparison(
      randomPicture(width, height, seed: 1), randomPicture(width, height, seed: 2))
    #expect((comparison.ssim != nil) == ssim)
    #expect((comparison.msSSIM != nil) == msSSIM)
  }

  @Test func `pictures of different sizes are refused by both sizes`() {
    let error = ComparisonError.sizesDiffer(
      referenceWidth: 4, referenceHeight: 3, pictureWidth: 3, pictureHeight: 4)
    #expect(throws: error) {
      try Comparison(randomPicture(4, 3, seed: 1), randomPicture(3, 4, seed: 1))
    }
    #expect("\(error)" == "picture has 3x4 pixels, expected the reference's 4x3")
  }

  // MARK: Depth and alpha

  @Test func `16-bit samples are compared on the scale of 8 bits`() throws {
    let reference = randomPicture(24, 17, seed: 3)
    let picture = distorted(reference, seed: 4)
    #expect(try Comparison(deepened(reference), deepened(reference)).psnr == nil)
    #expect(try Comparison(reference, deepened(reference)).psnr == nil)
    let shallow = try Comparison(reference, picture)
    for deep in try [
      Comparison(deepened(reference), deepened(picture)), Comparison(reference, deepened(picture)),
    ] {
      #expect(abs(try #require(deep.psnr) - #require(shallow.psnr)) < 1e-9)
      #expect(abs(try #require(deep.ssim) - #require(shallow.ssim)) < 1e-12)
      #expect(deep.maximumDifference == shallow.maximumDifference)
    }
  }

  @Test func `a 16-bit difference can be a fraction of a level`() throws {
    let comparison = try Comparison(
      Image(width: 1, height: 1, color: .bits16([0, 0, 1000])),
      Image(width: 1, height: 1, color: .bits16([0, 0, 1100])))
    #expect(comparison.maximumDifference == 100.0 / 257)
  }

  @Test func `alpha is compared on white and by itself`() throws {
    let clear = Image(width: 1, height: 1, color: .bits8([0, 10, 20]), alpha: .bits8([0]))
    let white = Image(width: 1, height: 1, color: .bits8([255, 255, 255]))
    let comparison = try Comparison(clear, white)
    #expect(comparison.psnr == nil)
    #expect(comparison.maximumAlphaDifference == 255)

    let half = Image(width: 1, height: 1, color: .bits8([0, 255, 0]), alpha: .bits8([51]))
    #expect(try Comparison(half, white).maximumDifference == 51)
    #expect(try Comparison(half, white).maximumAlphaDifference == 204)
  }

  @Test func `an opaque alpha plane changes nothing`() throws {
    let reference = randomPicture(12, 30, seed: 5)
    let picture = distorted(reference, seed: 6)
    let plain = try Comparison(reference, picture)
    let opaque = try Comparison(reference, withOpaqueAlpha(picture))
    #expect(opaque.psnr == plain.psnr)
    #expect(opaque.ssim == plain.ssim)
    #expect(opaque.maximumAlphaDifference == 0)
  }

  // MARK: The oracle

  @Test(arguments: [(11, 11), (12, 30), (24, 17), (161, 163), (200, 176)])
  func `similarity agrees with directly summed windows`(width: Int, height: Int) throws {
    let seed = UInt64(width * 1000 + height)
    let reference = randomPicture(width, height, seed: seed)
    let picture = distorted(reference, seed: seed + 1)
    let comparison = try Comparison(reference, picture)
    let expected = Oracle(reference, picture)
    #expect(abs(try #require(comparison.psnr) - expected.psnr) < 1e-9, "seed \(seed)")
    #expect(abs(try #require(comparison.ssim) - expected.ssim) < 1e-9, "seed \(seed)")
    #expect((comparison.msSSIM == nil) == (expected.msSSIM == nil))
    if let found = comparison.msSSIM, let expected = expected.msSSIM {
      #expect(abs(found - expected) < 1e-9, "seed \(seed)")
    }
  }

  @Test func `inverted pictures have negative SSIM and an MS-SSIM of zero`() throws {
    let reference = randomPicture(170, 161, seed: 7)
    let comparison = try Comparison(reference, inverted(reference))
    #expect(try #require(comparison.ssim) < 0)
    #expect(comparison.msSSIM == 0)
  }
}

// MARK: Pictures

/// A picture of uniform noise.
private func randomPicture(_ width: Int, _ height: Int, seed: UInt64) -> Image {
  var random = SeededNumbers(seed: seed)
  let samples = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
  return Image(width: width, height: height, color: .bits8(samples))
}

/// A picture of one grey.
private func flatPicture(level: UInt8, width: Int, height: Int) -> Image {
  Image(
    width: width, height: height,
    color: .bits8(Array(repeating: level, count: width * height * 3)))
}

/// `picture` with up to 40 levels of noise, clamped.
private func distorted(_ picture: Image, seed: UInt64) -> Image {
  var random = SeededNumbers(seed: seed)
  return mapped(picture) { sample in
    UInt8(min(max(Int(sample) + Int.random(in: -40...40, using: &random), 0), 255))
  }
}

private func inverted(_ picture: Image) -> Image {
  mapped(picture) { 255 - $0 }
}

private func mapped(_ picture: Image, _ change: (UInt8) -> UInt8) -> Image {
  Image(
    width: picture.width, height: picture.height,
    color: .bits8(samples8(of: picture).map(change)))
}

/// `picture` with every 8-bit sample as the 16-bit sample of the same brightness.
private func deepened(_ picture: Image) -> Image {
  Image(
    width: picture.width, height: picture.height,
    color: .bits16(samples8(of: picture).map { UInt16($0) * 257 }))
}

private func withOpaqueAlpha(_ picture: Image) -> Image {
  Image(
    width: picture.width, height: picture.height, color: picture.color,
    alpha: .bits8(Array(repeating: 255, count: picture.width * picture.height)))
}

private func samples8(of picture: Image) -> [UInt8] {
  switch picture.color {
  case .bits8(let samples): samples
  case .bits16: []
  }
}

/// SplitMix64: seeded numbers for tests.
private struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

// MARK: The oracle's sums

/// The three measures from their definitions, over whole planes, in Double.
private struct Oracle {
  var psnr: Double
  var ssim: Double
  var msSSIM: Double?

  init(_ reference: Image, _ picture: Image) {
    let (first, second) = (Plane.channels(of: reference), Plane.channels(of: picture))
    let squares = zip(first, second).flatMap { one, other in
      zip(one.samples, other.samples).map { ($0 - $1) * ($0 - $1) }
    }
    psnr = 10 * log10(255 * 255 * Double(squares.count) / squares.reduce(0, +))
    ssim = zip(first, second).map { Plane.similarity_slow($0, $1).whole }.reduce(0, +) / 3
    guard min(reference.width, reference.height) >= 161 else { return }
    msSSIM = zip(first, second).map(Self.multiscale_slow).reduce(0, +) / 3
  }

  private static func multiscale_slow(_ first: Plane, _ second: Plane) -> Double {
    var (first, second) = (first, second)
    var product = 1.0
    for (scale, weight) in [0.0448, 0.2856, 0.3001, 0.2363, 0.1333].enumerated() {
      let similarity = Plane.similarity_slow(first, second)
      product *= pow(max(scale == 4 ? similarity.whole : similarity.structure, 0), weight)
      (first, second) = (first.halved_slow(), second.halved_slow())
    }
    return product
  }
}

/// One channel of a picture, `[height, width]`.
private struct Plane {
  var width: Int
  var height: Int
  var samples: [Double]

  static func channels(of picture: Image) -> [Plane] {
    let samples = samples8(of: picture)
    return (0..<3).map { channel in
      Plane(
        width: picture.width, height: picture.height,
        samples: stride(from: channel, to: samples.count, by: 3).map { Double(samples[$0]) })
    }
  }

  /// The sample at a place, 0 outside the plane.
  func sample(_ x: Int, _ y: Int) -> Double {
    x < 0 || y < 0 || x >= width || y >= height ? 0 : samples[y * width + x]
  }

  /// Averages of 2x2 samples, with zeros on every side of an odd extent.
  func halved_slow() -> Plane {
    var half = Plane(width: (width + 1) / 2, height: (height + 1) / 2, samples: [])
    for y in 0..<half.height {
      for x in 0..<half.width {
        let (left, top) = (2 * x - width % 2, 2 * y - height % 2)
        half.samples.append(
          (sample(left, top) + sample(left + 1, top) + sample(left, top + 1)
            + sample(left + 1, top + 1)) / 4)
      }
    }
    return half
  }

  /// Mean SSIM, and its structure factor alone, over all windows, each summed on its own.
  static func similarity_slow(
    _ first: Plane, _ second: Plane
  ) -> (whole: Double, structure: Double) {
    let gaussian = (-5...5).map { exp(-Double($0 * $0) / 4.5) }
    let total = gaussian.reduce(0, +)
    let window = gaussian.flatMap { row in gaussian.map { row * $0 / (total * total) } }
    var sums = (whole: 0.0, structure: 0.0)
    var count = 0.0
    for y in 0...first.height - 11 {
      for x in 0...first.width - 11 {
        let terms = terms_slow(first, second, window, x, y)
        sums.whole += terms.luminance * terms.structure
        sums.structure += terms.structure
        count += 1
      }
    }
    return (sums.whole / count, sums.structure / count)
  }

  private static func terms_slow(
    _ first: Plane, _ second: Plane, _ window: [Double], _ x: Int, _ y: Int
  ) -> (luminance: Double, structure: Double) {
    var (mean, otherMean, square, otherSquare, mixed) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in 0..<11 {
      for column in 0..<11 {
        let weight = window[row * 11 + column]
        let index = (y + row) * first.width + x + column
        let (one, other) = (first.samples[index], second.samples[index])
        mean += weight * one
        otherMean += weight * other
        square += weight * one * one
        otherSquare += weight * other * other
        mixed += weight * one * other
      }
    }
    let (c1, c2) = (2.55 * 2.55, 7.65 * 7.65)
    let (variance, otherVariance) = (square - mean * mean, otherSquare - otherMean * otherMean)
    return (
      (2 * mean * otherMean + c1) / (mean * mean + otherMean * otherMean + c1),
      (2 * (mixed - mean * otherMean) + c2) / (variance + otherVariance + c2)
    )
  }
}
