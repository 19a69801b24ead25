import TestSupport
import Testing
import VAECodec

/// `vaecodec preview` through the binary.
@Suite struct PreviewTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a preview is the picture, small`() throws {
    let picture = Fixtures.path("demo.png")
    #expect(
      try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin"], in: folder).status == 0)
    let run = try CommandLineRun.vaecodec(["preview", "z.bin", "-o", "p.png"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let small = try Image(contentsOf: folder.path("p.png"))
    let large = try Image(contentsOf: picture)
    #expect([small.width, small.height] == [(large.width + 7) / 8, (large.height + 7) / 8])
    #expect(difference(small, large) < 0.07)
    #expect(run.peakByteCount < 200_000_000)
  }

  /// The root of the mean square of the difference between a preview and the means of the 8x8 pixels
  /// that each of its pixels stands for, of a range of 1.
  private func difference(_ small: Image, _ large: Image) -> Double {
    guard case .bits8(let colors) = small.color, case .bits8(let pixels) = large.color else {
      return 1
    }
    var sum = 0.0
    var count = 0.0
    for y in 0..<large.height / 8 {
      for x in 0..<large.width / 8 {
        for color in 0..<3 {
          var mean = 0.0
          for pixel in 0..<64 {
            let place = (8 * y + pixel / 8) * large.width + 8 * x + pixel % 8
            mean += Double(pixels[3 * place + color]) / 64 / 255
          }
          let error = Double(colors[3 * (y * small.width + x) + color]) / 255 - mean
          sum += error * error
          count += 1
        }
      }
    }
    return (sum / count).squareRoot()
  }

  @Test func `a latent of an unknown space is shown by its principal components`() throws {
    let input = Fixtures.path("latents/comfyui.latent")
    let run = try CommandLineRun.vaecodec(["preview", input, "-o", "p.png"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(
      run.errors == "vaecodec: \(input): note: no colours are known for its latent space, which it "
        + "does not name (--family does); shown are its three principal components\n")
    let given = try CommandLineRun.vaecodec(
      ["preview", input, "-o", "q.png", "--family", "sd"], in: folder)
    #expect(given.status == 0 && given.errors.isEmpty, "\(given)")
    #expect(try folder.bytes(of: "p.png") != folder.bytes(of: "q.png"))
    let wrong = try CommandLineRun.vaecodec(
      ["preview", input, "-o", "r.png", "--family", "sd3"], in: folder)
    #expect(wrong.status == 1 && wrong.errorLines.count == 1, "\(wrong)")
    #expect(folder.names == ["p.png", "q.png"])
  }

  @Test func `a folder of previews and a report`() throws {
    let inputs = ["comfyui.latent", "kohya-2023-07.npz"].map { Fixtures.path("latents/\($0)") }
    let run = try CommandLineRun.vaecodec(
      ["preview"] + inputs + ["-o", "out/", "--family", "sd", "--format", "jpg", "--json"],
      in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try run.jsonLines().compactMap { $0["width"] as? Int } == [5, 5])
    #expect(FileNames.sorted(in: folder.path("out")) == ["comfyui.jpg", "kohya-2023-07.jpg"])
  }
}
