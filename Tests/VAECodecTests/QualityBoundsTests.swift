import TestSupport
import Testing
import VAECodec

/// Bounds on quality, and means.
@Suite struct QualityBoundsTests {
  private let large: Comparison
  private let small: Comparison
  private let equal: Comparison

  init() throws {
    let reference = try Image(contentsOf: Fixtures.path("metrics/large.png"))
    large = try Comparison(
      reference, Image(contentsOf: Fixtures.path("metrics/large-coarse.png")))
    equal = try Comparison(reference, reference)
    func dot(_ level: UInt8) -> Image {
      Image(width: 1, height: 1, color: .bits8([level, level, level]))
    }
    small = try Comparison(dot(0), dot(255))
  }

  @Test func `no bound is never missed`() throws {
    let none = QualityBounds()
    #expect(none.isEmpty && none.misses(of: small).isEmpty)
    try none.check(small)
  }

  @Test func `each measure has its bound`() throws {
    let (psnr, ssim) = (try #require(large.psnr), try #require(large.ssim))
    let msSSIM = try #require(large.msSSIM)
    let ssimulacra2 = try #require(large.ssimulacra2)
    let difference = large.maximumDifference
    let kept = QualityBounds(
      minimumPSNR: psnr, minimumSSIM: ssim, minimumMSSSIM: msSSIM,
      minimumSSIMULACRA2: ssimulacra2, maximumDifference: difference)
    #expect(kept.misses(of: large).isEmpty && !kept.isEmpty)
    let missed = QualityBounds(
      minimumPSNR: psnr.nextUp, minimumSSIM: ssim.nextUp, minimumMSSSIM: msSSIM.nextUp,
      minimumSSIMULACRA2: ssimulacra2.nextUp, maximumDifference: difference.nextDown)
    let measures = missed.misses(of: large).map(\.measure)
    #expect(measures == [.psnr, .ssim, .msSSIM, .ssimulacra2, .maximumDifference])
    let found = [psnr, ssim, msSSIM, ssimulacra2]
    #expect(missed.misses(of: large).map(\.found) == found + [difference])
    #expect(missed.misses(of: large).map(\.bound) == found.map(\.nextUp) + [difference.nextDown])
    #expect(
      missed.misses(of: large).suffix(2).map(\.description) == [
        "SSIMULACRA 2 44.958 is below \(ssimulacra2.nextUp)",
        "largest difference 12.000 is above \(difference.nextDown)",
      ])
  }

  @Test func `equal pictures keep every bound, and small ones have no SSIM to keep it with`() {
    let bounds = QualityBounds(
      minimumPSNR: 200, minimumSSIM: 1, minimumMSSSIM: 1, minimumSSIMULACRA2: 100,
      maximumDifference: 0)
    #expect(bounds.misses(of: equal).isEmpty)
    let error = #expect(throws: QualityError.self) { try bounds.check(small) }
    #expect(
      error?.misses.map(\.description) == [
        "PSNR 0.000 dB is below 200.0", "the picture is too small for SSIM",
        "the picture is too small for MS-SSIM", "the picture is too small for SSIMULACRA 2",
        "largest difference 255.000 is above 0.0",
      ])
    #expect(error.map { "\($0)" }?.contains("200.0; the picture") == true)
  }

  @Test func `a mean is over those that have the measure`() {
    var means = QualityMeans()
    #expect(means.psnr == nil && means.bitsPerPixel == nil)
    means.add(equal)
    means.add(large, bitsPerPixel: 2)
    means.add(small, bitsPerPixel: 1)
    #expect(means.count == 3)
    #expect(means.psnr == ((large.psnr ?? 0) + (small.psnr ?? 0)) / 2)
    #expect(means.ssim == ((equal.ssim ?? 0) + (large.ssim ?? 0)) / 2)
    #expect(means.ssimulacra2 == (100 + (large.ssimulacra2 ?? 0)) / 2)
    #expect(means.bitsPerPixel == 1.5)
  }
}
