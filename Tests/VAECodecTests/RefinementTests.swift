import FoundationEssentials
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Latents that are refined against a decoder.
@Suite struct RefinementTests {
  private static func codec(_ model: String, threads: Int = 2) throws -> Codec {
    try Codec(
      model: .path(Fixtures.path("models/\(model)")), resources: Resources(threads: threads))
  }

  /// What PyTorch's autograd and Adam came to; see Tests/Reference/make_refinement.py.
  private struct ReferenceCase: Decodable {
    let model: String
    let width: Int
    let height: Int
    let loss: String
    let losses: [Double]
    let psnr: Double
  }

  @Test func `losses fall as PyTorch says`() throws {
    let data = try Fixtures.bytes(at: Fixtures.path("refinement.json"))
    let cases = try JSONDecoder().decode([ReferenceCase].self, from: Data(data))
    #expect(cases.count == 9)
    for reference in cases {
      let codec = try Self.codec(reference.model)
      let image = TestPictures.smooth(width: reference.width, height: reference.height)
      let loss = try #require(Latent.Refinement.Loss(rawValue: reference.loss))
      let refinement = try #require(
        Latent.Refinement(steps: reference.losses.count - 1, loss: loss))
      let refined = try codec.encode(image, refinedBy: refinement)
      let name = "\(reference.model), \(loss)"
      #expect(refined.losses.count == reference.losses.count, "\(name)")
      for (found, expected) in zip(refined.losses, reference.losses) {
        #expect(abs(found / expected - 1) <= 1e-3, "\(name): \(found) for \(expected)")
      }
      let last = refined.bestStep == refinement.steps ? refined.after.psnr : nil
      if let last { #expect(abs(last - reference.psnr) <= 0.05, "\(name)") }
    }
  }

  @Test(arguments: Latent.Refinement.Loss.allCases)
  func `a loss has the gradient that differences say`(loss: Latent.Refinement.Loss) throws {
    var random = SeededGenerator(seed: 4)
    let (width, height) = (13, 12)
    let conversion = PixelConversion(width: width, height: height, factor: 8)
    let samples = (0..<width * height * 3).map { _ in UInt8.random(in: 60...195, using: &random) }
    let image = Image(width: width, height: height, color: .bits8(samples))
    let objective = try PictureObjective(loss, from: image, conversion, Parallel(threads: 2))
    // Away from the picture, at which differences of l1 have a kink.
    let tensor = zip(conversion.tensor(of: image), random.floats(conversion.count)).map {
      $0 + ($1 < 0 ? -0.1 : 0.1) + 0.2 * $1
    }
    let gradient = try objective.valueAndGradient(of: tensor.span).gradient
    func sum(_ index: Int, _ step: Float) throws -> Double {
      var moved = tensor
      moved[index] += step
      return try objective.value(of: moved.span) * Double(3 * width * height)
    }
    let step: Float = 1e-2
    var (found, expected) = ([Float](), [Double]())
    for index in stride(from: 0, to: conversion.count, by: 7) {
      let difference = try (sum(index, step) - sum(index, -step)) / Double(2 * step)
      let (row, column) = (index / conversion.rowCount, index % conversion.rowCount / 3)
      let isVisible = row < height && column < width
      #expect(isVisible || gradient[index] == 0)
      found.append(gradient[index])
      expected.append(difference)
    }
    #expect(relativeError(found, expected) <= 0.01)
    #expect(try objective.value(of: conversion.tensor(of: image).span) < 1e-6)
  }

  @Test func `values beyond white find back`() throws {
    let image = Image(width: 8, height: 8, color: .bits8(Array(repeating: 128, count: 192)))
    let conversion = PixelConversion(width: 8, height: 8, factor: 8)
    let objective = try PictureObjective(.l2, from: image, conversion, Parallel(threads: 1))
    let (value, gradient) = try objective.valueAndGradient(
      of: [Float](repeating: 1.5, count: 192).span)
    // As far as white is: nobody sees more of it.
    #expect(abs(value - (127.0 / 255) * (127.0 / 255)) < 1e-6)
    #expect(gradient.allSatisfy { $0 > 0.4 })
  }

  /// Computed by torch.optim.Adam(lr=0.05) in f32.
  @Test func `Adam steps as PyTorch's does`() {
    var optimizer = AdamOptimizer(count: 3)
    var values: [Float] = [1, -2, 0.5]
    for (gradient, rate) in [
      ([Float(0.3), -4, 0], 0.05), ([-0.1, -4, 0], 0.04), ([2, 1, 0], 0.01),
    ] {
      optimizer.update(&values, against: gradient, rate: rate)
    }
    let expected: [Float] = [0.92719865, -1.9035012, 0.5]
    for (found, value) in zip(values, expected) { #expect(abs(found - value) <= 1e-6) }
  }

  @Test func `a refined latent is never worse and says what it is`() throws {
    let image = TestPictures.smooth(width: 45, height: 30)
    let refinement = try #require(Latent.Refinement(steps: 4, anchor: 0.01))
    for quality: Quality in [40, .standard, 100, .lossless] {
      let codec = try Codec(resources: Resources(threads: 2))
      var fractions: [Double] = []
      let refined = try codec.encode(image, refinedBy: refinement, keptAt: quality) {
        fractions.append($0)
      }
      #expect(fractions == fractions.sorted() && fractions.last == 1)
      let (before, after) = (
        try #require(refined.before.psnr), try #require(refined.after.psnr)
      )
      // Four small steps do not always leave the bins of coarse quantisation.
      #expect(quality == 40 ? after >= before : after > before)
      #expect(try #require(refined.after.ssim) >= #require(refined.before.ssim))
      #expect((0..<0.2).contains(refined.drift) && (refined.drift > 0) == (after > before))
      let read = try Latent(decoding: refined.latent.serialized(quality: quality))
      #expect(read.posterior == .optimised(refinement))
      // What was judged is what a reader gets.
      #expect(try refined.latent.valuesAsKept(at: quality) == read.values)
      #expect(try Comparison(image, codec.decode(read)) == refined.after)
      let one = try Codec(resources: Resources(threads: 1)).encode(
        image, refinedBy: refinement, keptAt: quality)
      #expect(one.latent == refined.latent && one.losses == refined.losses)
    }
  }

  @Test func `a picture with alpha and 16 bits is refined as it is written`() throws {
    let codec = try Self.codec("tiny")
    let image = try Image(contentsOf: Fixtures.path("pictures/grey_alpha16.png"))
    let refinement = try #require(Latent.Refinement(steps: 3))
    let refined = try codec.encode(
      image, refinedBy: refinement, matte: Matte(red: 9, green: 0, blue: 99))
    #expect(try Comparison(image, codec.decode(refined.latent)) == refined.after)
    #expect(
      try codec.encode(image, posterior: .optimised(refinement)).posterior?.kind == .optimised)
  }

  @Test func `formats that cannot say it refuse an optimised latent`() throws {
    let refinement = try #require(Latent.Refinement(steps: 20, loss: .ssim, anchor: 0.5))
    var latent = try Latent(
      channels: 4, height: 8, width: 8, values: Array(repeating: 0.25, count: 256), units: .raw,
      posterior: .optimised(refinement), space: Codec().latentSpace)
    for format in LatentFileFormat.all where format.isWritten {
      var options = LatentFileOptions(
        units: format.units == .unsettled ? .raw : nil, architecture: "x")
      if format.namesPosterior {
        let file = try LatentFile(
          decoding: latent.encoded(as: format, options), maximumPixelCount: .max)
        #expect(try file.latent().posterior == .optimised(refinement), "\(format.name)")
        continue
      }
      #expect(throws: ContainerError.optimised(format: format.name)) {
        try latent.encoded(as: format, options)
      }
      options.allowsOptimised = true
      #expect(try !latent.encoded(as: format, options).isEmpty)
    }
    latent = try latent.replacing(values: latent.values, posterior: .mean)
    #expect(try !latent.encoded(as: .npy).isEmpty)
  }

  @Test func `an impossible refinement is refused`() throws {
    #expect(Latent.Refinement(steps: 0) == nil)
    #expect(Latent.Refinement(steps: 1001) == nil)
    #expect(Latent.Refinement(steps: 20, anchor: -1) == nil)
    #expect(Latent.Refinement(steps: 20, anchor: .nan) == nil)
    #expect(Latent.Refinement.efforts.map(Latent.Refinement.steps(ofEffort:)).first == 0)
    let steps = Latent.Refinement.efforts.map(Latent.Refinement.steps(ofEffort:))
    #expect(steps == steps.sorted() && steps[3] == 20 && steps[9] == 100)
  }

  @Test func `a refinement ends when it is told to`() throws {
    struct Stop: Error {}
    let refinement = try #require(Latent.Refinement(steps: 1000))
    var calls = 0
    #expect(throws: Stop.self) {
      _ = try Codec().encode(TestPictures.smooth(width: 16, height: 16), refinedBy: refinement) {
        _ in
        calls += 1
        if calls > 300 { throw Stop() }
      }
    }
  }

  @Test func `a model without a decoder is named before anything is encoded`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy(
      "models/tiny-halves/taesd_encoder.safetensors", to: "taesd_encoder.safetensors")
    let codec = try Codec(model: .path(path))
    let refinement = try #require(Latent.Refinement(steps: 1))
    let error = #expect(throws: CodecError.self) {
      try codec.encode(TestPictures.smooth(width: 16, height: 16), refinedBy: refinement) { _ in
        Issue.record("something was encoded")
      }
    }
    #expect(error?.description.contains("holds an encoder only") == true)
  }

  @Test func `a plan counts the steps`() throws {
    let codec = try Codec()
    let plain = try codec.plan(encodingWidth: 64, height: 64)
    let few = try codec.plan(
      encodingWidth: 64, height: 64, refinement: Latent.Refinement(steps: 1))
    let many = try codec.plan(
      encodingWidth: 64, height: 64, refinement: Latent.Refinement(steps: 11))
    #expect(few.multiplyAdds > 3 * plain.multiplyAdds)
    #expect(many.multiplyAdds > 8 * few.multiplyAdds / 2)
  }
}
