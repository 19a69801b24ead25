import TestSupport
import Testing
import VAECodec

/// `vaecodec decode` through the binary.
@Suite struct DecodeTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")

  /// Makes `z.bin` of a picture of 32x48.
  init() throws {
    folder = try TemporaryFolder()
    let run = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin"], in: folder)
    try #require(run.status == 0, "\(run)")
  }

  @Test(arguments: ["png", "PNG", "jpg", "jpeg"])
  func `a latent becomes a picture of its size`(suffix: String) throws {
    let run = try CommandLineRun.vaecodec(["decode", "z.bin", "-o", "p.\(suffix)"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let image = try Image(contentsOf: folder.path("p.\(suffix)"))
    #expect([image.width, image.height] == [32, 48])
    #expect(folder.names == ["p.\(suffix)", "z.bin"])
  }

  @Test func `a pipe gives the same bytes as files, for any number of threads`() throws {
    let named = try CommandLineRun.vaecodec(
      ["decode", "z.bin", "-o", "p.png", "--threads", "1"], in: folder)
    let piped = try CommandLineRun.vaecodec(
      ["decode", "-", "-o", "-", "--threads", "3"], input: folder.bytes(of: "z.bin"), in: folder)
    #expect(named.status == 0 && piped.status == 0, "\(piped)")
    #expect(try folder.bytes(of: "p.png") == piped.output)
  }

  @Test func `alpha, depth, orientation and size survive`() throws {
    for name in ["rgba16.png", "grey_alpha8.png", "orientation_6.jpg", "palette4_trns.png"] {
      let source = Fixtures.path("pictures/\(name)")
      let run = try CommandLineRun.shell(
        "$vaecodec encode \"$1\" -o - | $vaecodec decode - -o p.png --force", [source], in: folder)
      #expect(run.status == 0, "\(run)")
      let (before, after) = (
        try Image(contentsOf: source), try Image(contentsOf: folder.path("p.png"))
      )
      #expect([after.width, after.height] == [before.width, before.height])
      #expect(after.alpha == before.alpha)
      #expect(after.color.bitDepth == before.color.bitDepth)
    }
  }

  @Test(arguments: ["f4.npy", "f2.npy", "f8.npy", "big-endian.npy", "fortran.npy", "rank3.npy"])
  func `an array of latents is decoded`(name: String) throws {
    let run = try CommandLineRun.vaecodec(
      ["decode", Fixtures.path("npy/\(name)"), "-o", "p.png", "--json"], in: folder)
    #expect(run.status == 0, "\(run)")
    let report = try #require(try run.jsonLines().first)
    let latent = try #require(report["latent"] as? [Int])
    #expect(report["width"] as? Int == latent[2] * 8)
    let seconds = try #require(report["seconds"] as? [String: Any])
    #expect(Set(seconds.keys) == ["load", "read", "decode", "write"])
  }

  @Test func `samples are drawn from moments only`() throws {
    let model = ["--model", Fixtures.path("models/kl-sd")]
    let encoded = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "m.bin", "--posterior", "moments"] + model, in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    let drawn = try CommandLineRun.vaecodec(
      ["decode", "m.bin", "-o", "-", "--seed", "7"] + model, in: folder)
    let mean = try CommandLineRun.vaecodec(["decode", "m.bin", "-o", "-"] + model, in: folder)
    #expect(drawn.status == 0 && mean.status == 0 && drawn.output != mean.output, "\(drawn)")
    let refused = try CommandLineRun.vaecodec(
      ["decode", "z.bin", "-o", "p.png", "--seed", "7"], in: folder)
    #expect(refused.status == 1, "\(refused)")
    #expect(
      refused.errors
        == "vaecodec: z.bin: the latent holds no log-variance to draw a sample from\n")
  }

  @Test func `a latent of another space is refused unless asked for`() throws {
    let line = ["decode", "z.bin", "-o", "p.png", "--model", Fixtures.path("models/tiny")]
    let refused = try CommandLineRun.vaecodec(line, in: folder)
    #expect(refused.status == 1, "\(refused)")
    #expect(refused.errorLines.count == 1 && refused.errors.contains("--any-model"), "\(refused)")
    #expect(folder.names == ["z.bin"])
    #expect(try CommandLineRun.vaecodec(line + ["--any-model"], in: folder).status == 0)
  }

  @Test func `a latent of too many pixels is refused`() throws {
    let run = try CommandLineRun.vaecodec(
      ["decode", "z.bin", "-o", "p.png", "--max-pixels", "1535"], in: folder)
    #expect(run.status == 1)
    #expect(
      run.errors
        == "vaecodec: z.bin: 32x48 pixels are more than the limit of 1535; --max-pixels raises it\n"
    )
  }
}
