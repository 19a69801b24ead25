import TestSupport
import Testing
import VAECodec

/// `vaecodec roundtrip` and `vaecodec compare` through the binary.
@Suite struct RoundtripTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")
  private let large = Fixtures.path("metrics/large.png")
  private let coarse = Fixtures.path("metrics/large-coarse.png")

  init() throws { folder = try TemporaryFolder() }

  @Test func `a roundtrip is measured and writes nothing`() throws {
    let run = try CommandLineRun.vaecodec(["roundtrip", picture], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    #expect(run.text.hasPrefix("\(picture): PSNR ") && run.text.contains(" bpp"))
    #expect(folder.names.isEmpty)
  }

  @Test func `several pictures end with their mean`() throws {
    let run = try CommandLineRun.vaecodec(["roundtrip", picture, picture], in: folder)
    #expect(run.status == 0, "\(run)")
    let lines = run.text.split(separator: "\n")
    #expect(lines.count == 4 && lines[2].hasPrefix("mean of 2: PSNR "), "\(run.text)")
    #expect(lines[2].contains("; worst: \(picture), PSNR "), "\(run.text)")
    #expect(lines[3].hasPrefix("2 files: 2 done, "), "\(run.text)")
  }

  @Test func `the picture that is kept is the one that encode and decode make`() throws {
    let kept = try CommandLineRun.vaecodec(["roundtrip", picture, "-o", "r.png"], in: folder)
    let piped = try CommandLineRun.shell(
      "$vaecodec encode \"$1\" -o - | $vaecodec decode - -o -", [picture], in: folder)
    #expect(kept.status == 0 && piped.status == 0, "\(kept)")
    #expect(try folder.bytes(of: "r.png") == piped.output)
    let streamed = try CommandLineRun.vaecodec(
      ["roundtrip", "-", "-o", "-"], input: try Fixtures.bytes(at: picture), in: folder)
    #expect(streamed.output == piped.output, "\(streamed)")
  }

  @Test func `a page shows what was lost`() throws {
    let line = ["roundtrip", picture, "missing.png", "--report", "page.html", "-o", "out/"]
    let run = try CommandLineRun.vaecodec(line, in: folder)
    #expect(run.status == 1 && run.text.contains("\npage.html: report of 2 pictures\n"), "\(run)")
    let page = String(decoding: try folder.bytes(of: "page.html"), as: UTF8.self)
    #expect(page.contains("<span>model <b>default</b></span> <span>quality <b>75</b></span>"))
    #expect(page.ranges(of: "<section class=\"entry\"").count == 1)
    #expect(page.contains("missing.png: no such file or directory"))
    let again = try CommandLineRun.vaecodec(line, in: folder)
    #expect(again.status == 1 && again.errors.contains("page.html exists"), "\(again)")
    #expect(again.errorLines.count == 1 && again.output.isEmpty)
    let forced = try CommandLineRun.vaecodec(line + ["--force"], in: folder)
    #expect(forced.status == 1)
    #expect(String(decoding: try folder.bytes(of: "page.html"), as: UTF8.self) == page)
  }

  @Test func `a report holds the measures of the picture and of the posterior`() throws {
    let run = try CommandLineRun.vaecodec(
      ["roundtrip", picture, "--json", "--model", Fixtures.path("models/kl-sd")], in: folder)
    let report = try #require(try run.jsonLines().first)
    #expect(
      Set(report.keys) == [
        "input", "model", "width", "height", "latent", "bytes", "bpp", "quality",
        "seconds", "peak_memory_bytes", "psnr", "ssim", "ms_ssim", "ssimulacra2", "max_difference",
        "posterior_kl_nats",
        "posterior_kl_bits_per_dim",
      ])
    let tiny = try CommandLineRun.vaecodec(
      ["roundtrip", picture, "--json", "--model", Fixtures.path("models/tiny")], in: folder)
    #expect(try tiny.jsonLines().first?["posterior_kl_nats"] == nil)
  }

  @Test(arguments: [
    ("--min-psnr", "0", Int32(0)), ("--min-psnr", "199", 1), ("--min-ssim", "-1", 0),
    ("--min-ssim", "1", 1), ("--min-ssimulacra2", "-1e4", 0), ("--min-ssimulacra2", "100", 1),
    ("--max-difference", "255", 0), ("--max-difference", "0", 1),
  ])
  func `a bound decides the exit status`(option: String, bound: String, status: Int32) throws {
    for line in [["roundtrip", picture], ["compare", large, coarse]] {
      let run = try CommandLineRun.vaecodec(line + [option, bound], in: folder)
      #expect(run.status == status, "\(run)")
      #expect(run.errorLines.count == Int(status))
      #expect(!run.text.isEmpty)
    }
  }

  @Test func `equal pictures have no PSNR and miss no bound`() throws {
    let run = try CommandLineRun.vaecodec(
      ["compare", large, large, "--json", "--min-psnr", "100", "--min-ssim", "1"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.text.contains("\"psnr\":null"))
    let text = try CommandLineRun.vaecodec(["compare", large, large], in: folder)
    #expect(text.text.hasPrefix("PSNR infinite, SSIM 1.0000"))
  }

  @Test func `a comparison reads one of its pictures from a pipe`() throws {
    let named = try CommandLineRun.vaecodec(["compare", large, coarse], in: folder)
    let piped = try CommandLineRun.vaecodec(
      ["compare", large, "-"], input: try Fixtures.bytes(at: coarse), in: folder)
    #expect(named.status == 0 && named.output == piped.output, "\(piped)")
    let quiet = try CommandLineRun.vaecodec(["compare", large, coarse, "--quiet"], in: folder)
    #expect(quiet.status == 0 && quiet.output.isEmpty)
  }

  @Test func `pictures of two sizes are not compared`() throws {
    let run = try CommandLineRun.vaecodec(["compare", large, picture], in: folder)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errorLines.count == 1 && run.errors.contains("32x48"), "\(run)")
  }
}
