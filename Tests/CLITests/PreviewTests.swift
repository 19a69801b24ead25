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

  @Test func `a preview is as large as asked`() throws {
    let input = Fixtures.path("latents/comfyui.latent")
    let sizes = ["100", "3"]
    for size in sizes {
      let run = try CommandLineRun.vaecodec(
        ["preview", input, "-o", "\(size).png", "--family", "sd", "--size", size], in: folder)
      #expect(run.status == 0, "\(run)")
    }
    let images = try sizes.map { try Image(contentsOf: folder.path("\($0).png")) }
    #expect(images.map { max($0.width, $0.height) } == [100, 3])
    let again = try CommandLineRun.vaecodec(
      ["preview", input, "-o", "100.png", "--family", "sd", "--size", "100", "--skip-existing"],
      in: folder)
    #expect(again.status == 0, "\(again)")
    let other = try CommandLineRun.vaecodec(
      ["preview", input, "-o", "100.png", "--family", "sd", "--size", "90", "--skip-existing"],
      in: folder)
    #expect(other.status == 1, "\(other)")
  }

  @Test func `a sheet shows every latent, those of one file too, and a bad file is left out`()
    throws
  {
    let latents = ["comfyui.latent", "kohya-2023-07.npz", "comfyui-batch.latent"]
    try folder.write([1, 2, 3], to: "bad.npz")
    let run = try CommandLineRun.vaecodec(
      ["preview"] + latents.map { Fixtures.path("latents/\($0)") } + ["bad.npz"]
        + ["--sheet", "-o", "sheet.png", "--family", "sd", "--size", "40"], in: folder)
    #expect(run.status == 1 && run.errors.contains("bad.npz"), "\(run)")
    #expect(run.errorLines.count == 1)
    let sheet = try Image(contentsOf: folder.path("sheet.png"))
    let count = try LatentReading().file(
      of: Fixtures.bytes(at: Fixtures.path("latents/comfyui-batch.latent"))
    ).entries.count
    #expect(count > 1)
    #expect(
      run.text.hasPrefix(
        "sheet.png: \(2 + count) previews, \(sheet.width)x\(sheet.height) pixels\n"))
    #expect(folder.names == ["bad.npz", "sheet.png"])
  }

  @Test func `a sheet has an object for each latent, or goes to standard output`() throws {
    let input = Fixtures.path("latents/kohya-2023-07.npz")
    let line = ["preview", input, input, "--sheet", "--family", "sd", "-o"]
    let run = try CommandLineRun.vaecodec(line + ["sheet.png", "--json"], in: folder)
    #expect(run.status == 0, "\(run)")
    let outputs = try run.jsonLines().compactMap {
      $0["input"] == nil ? nil : $0["output"] as? String
    }
    #expect(outputs == ["sheet.png", "sheet.png"])
    let piped = try CommandLineRun.vaecodec(line + ["-"], in: folder)
    #expect(try piped.output == folder.bytes(of: "sheet.png"))
    let kept = try CommandLineRun.vaecodec(line + ["sheet.png"], in: folder)
    #expect(kept.status == 1 && kept.output.isEmpty && kept.errors.contains("--force"), "\(kept)")
  }

  @Test(arguments: [
    (["--sheet"], "--output"), (["--sheet", "-o", "out/"], "a file with --sheet"),
    (["--sheet", "-o", "s.bin"], ".png or .jpg"),
    (["--sheet", "-o", "s.png", "--skip-existing"], "--skip-existing"),
    (["--size", "0"], "from 1 to 16384"), (["--size", "12", "--size", "13"], "given twice"),
    (["--size", "10x"], "width and height"), (["--size", "large"], "a number of pixels"),
  ])
  func `what cannot be meant is refused`(line: [String], message: String) throws {
    let run = try CommandLineRun.vaecodec(
      ["preview", Fixtures.path("latents/comfyui.latent")] + line, in: folder)
    #expect(run.status == 2 && run.errors.contains(message), "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `nothing is written where no latent could be read`() throws {
    try folder.write([1, 2, 3], to: "bad.npz")
    let run = try CommandLineRun.vaecodec(
      ["preview", "bad.npz", "--sheet", "-o", "sheet.png"], in: folder)
    #expect(run.status == 1 && folder.names == ["bad.npz"], "\(run)")
  }
}
