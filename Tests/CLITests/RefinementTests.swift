import TestSupport
import Testing
import VAECodec

/// `--effort` through the binary.
@Suite struct RefinementTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")
  private let steps = ["--refine-steps", "3"]

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: [String]) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(line, in: folder)
  }

  @Test func `encode says what the steps brought, and info that they were taken`() throws {
    let encoded = try run(["encode", picture, "-o", "z.bin"] + steps)
    #expect(encoded.status == 0 && encoded.errors.isEmpty, "\(encoded)")
    #expect(encoded.text.contains(/, refined from [0-9.]+ to [0-9.]+ dB\n/), "\(encoded)")
    let info = try run(["info", "z.bin"])
    #expect(info.text.contains("optimised by 3 steps of l2"), "\(info)")
    let json = try run(
      [
        "encode", picture, "-o", "y.bin", "--json", "--refine-loss", "ssim", "--refine-anchor",
        "0.1",
      ]
        + steps)
    let report = try #require(json.jsonLines().first?["refine"] as? [String: Any])
    #expect(report["loss"] as? String == "ssim" && report["steps"] as? Int == 3)
    #expect((report["losses"] as? [Double])?.count == 4)
    let numbers = ["psnr_before", "psnr_after", "ssim_before", "ssim_after", "drift", "best_step"]
    for name in numbers { #expect(report[name] is Double || report[name] is Int, "\(name)") }
  }

  @Test func `roundtrip refines as encode does`() throws {
    let line = try #require(try run(["roundtrip", picture, "--json"] + steps).jsonLines().first)
    let report = try #require(line["refine"] as? [String: Any])
    // The picture that is compared is the one that the steps were judged by.
    #expect(line["psnr"] as? Double == report["psnr_after"] as? Double)
    let plain = try #require(try run(["roundtrip", picture, "--json"]).jsonLines().first)
    #expect(plain["psnr"] as? Double == report["psnr_before"] as? Double)
    #expect(plain["refine"] == nil)
    let zero = try run(["roundtrip", picture, "--json", "--effort", "0"]).jsonLines().first
    #expect(zero?["psnr"] as? Double == plain["psnr"] as? Double)
  }

  @Test(arguments: [
    (["--effort", "3", "--posterior", "moments"], "--effort does not go with --posterior moments"),
    (["--effort", "3", "--posterior", "sample"], "--effort does not go with --posterior sample"),
    (["--effort", "10"], "--effort expects a number from 0 to 9, found '10'"),
    (["--effort", "3", "--refine-steps", "7"], "--effort does not go with --refine-steps"),
    (["--refine-steps", "0"], "--refine-steps expects a number from 1 to 1000, found '0'"),
    (["--refine-loss", "l1"], "encode --refine-loss expects --effort, found none"),
    (
      ["--effort", "0", "--refine-anchor", "1"],
      "encode --refine-anchor expects --effort, found none"
    ),
    (["--effort", "1", "--refine-anchor", "-1"], "--refine-anchor expects"),
    (["--effort", "1", "--refine-loss", "lpips"], "--refine-loss expects l2, l1 or ssim"),
    (
      ["--effort", "1", "--format", "npz"],
      "--effort to kohya's .npz, which cannot say that a latent is optimised for one decoder, expects "
        + "--allow-optimised, found none"
    ),
  ])
  func `what does not go together is said`(options: [String], words: String) throws {
    let run = try run(["encode", picture, "-o", "out/"] + options)
    #expect(run.status == 2 && run.errors.contains(words), "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `a refined latent becomes a training cache only where that is asked for`() throws {
    #expect(try run(["encode", picture, "-o", "z.bin"] + steps).status == 0)
    let refused = try run(["convert", "z.bin", "-o", "z.npz"])
    #expect(refused.status == 1 && refused.errorLines.count == 1, "\(refused)")
    #expect(refused.errors.contains("optimised for one decoder"))
    #expect(refused.errors.contains("--allow-optimised writes it all the same"))
    #expect(folder.names == ["z.bin"])
    #expect(try run(["convert", "z.bin", "-o", "z.npz", "--allow-optimised"]).status == 0)
    #expect(try run(["convert", "z.bin", "-o", "z.safetensors"]).status == 0)
    let info = try run(["info", "z.safetensors"])
    #expect(info.text.contains("optimised by 3 steps of l2"), "\(info)")
    #expect(
      try run(["encode", picture, "-o", "y.npy", "--allow-optimised"] + steps).status == 0)
  }

  @Test func `a dry run counts the steps`() throws {
    func work(_ options: [String]) throws -> Double {
      let line = try run(["encode", picture, "--dry-run", "--json"] + options).jsonLines().first
      return try #require(line?["multiply_adds"] as? Double)
    }
    #expect(try work(["--effort", "9"]) > 100 * work([]))
  }
}
