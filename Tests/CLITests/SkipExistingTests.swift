import TestSupport
import Testing

/// `--skip-existing`: only what a run would write counts as done.
@Suite struct SkipExistingTests {
  private let folder: TemporaryFolder
  private let pictures = ["rgb8.png", "grey_alpha8.png"].map { Fixtures.path("pictures/\($0)") }

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: [String]) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(line, in: folder)
  }

  private func encode(_ options: [String] = []) throws -> CommandLineRun {
    try run(["encode"] + pictures + ["-o", "out/"] + options)
  }

  @Test(arguments: [
    [], ["-q", "30"], ["-q", "100"], ["--lossless"], ["--posterior", "sample", "--seed", "4"],
    ["--posterior", "moments", "--lossless"], ["--format", "npy"], ["--format", "npz"],
    ["--format", "latent"], ["--format", "safetensors"], ["--format", "raw", "--unscaled"],
    ["--format", "musubi", "--architecture", "z_image", "--scaled"], ["--matte", "102030"],
    ["--refine-steps", "2"],
  ])
  func `what the same run made is passed over`(options: [String]) throws {
    #expect(try encode(options).status == 0)
    let names = FileNames.sorted(in: folder.path("out"))
    let before = try names.map { try folder.bytes(of: "out/\($0)") }
    let second = try encode(options + ["--skip-existing"])
    #expect(second.status == 0, "\(second)")
    let summary = /2 files: 0 done, 2 skipped, [0-9.]+ s\n/
    #expect(second.text.wholeMatch(of: summary) != nil, "\(second.text)")
    #expect(second.errors.isEmpty)
    #expect(try names.map { try folder.bytes(of: "out/\($0)") } == before)
  }

  @Test(
    arguments: [
      (["-q", "50"], "quality 75, expected quality 50"),
      (["--lossless"], "quality 75, expected lossless"),
      (["-q", "100"], "quality 75, expected quality 100"),
      (["--posterior", "sample", "-q", "75"], "a mean, expected a sample of seed 0"),
      (["--posterior", "moments", "-q", "75"], "a mean, expected moments"),
      (["--refine-steps", "2"], "a mean, expected optimised by 2 steps of l2"),
      (["--matte", "000000"], "transparency over FFFFFF, expected transparency over 000000"),
    ] as [([String], String)])
  func `what another setting made is said and fails`(
    options: [String], difference: String
  ) throws {
    #expect(try encode().status == 0)
    let before = try folder.bytes(of: "out/grey_alpha8.bin")
    let second = try encode(options + ["--skip-existing"])
    #expect(second.status == 1, "\(second)")
    #expect(
      second.errorLines.contains(
        "vaecodec: \(pictures[1]): 'out/grey_alpha8.bin' exists and is not what would be written: "
          + "\(difference); --force replaces it"), "\(second)")
    #expect(try folder.bytes(of: "out/grey_alpha8.bin") == before)
  }

  @Test func `what another model made is said and fails`() throws {
    let sample = ["--posterior", "mean"]
    #expect(try encode(sample).status == 0)
    for model in ["models/kl-sd", "models/tiny"] {
      let second = try encode(["--model", Fixtures.path(model), "--skip-existing"])
      #expect(second.status == 1, "\(second)")
      #expect(
        second.errorLines.count { $0.contains("exists and is not what would be written: ") } == 2,
        "\(second)")
    }
  }

  @Test func `the latent of another picture of the same name is said and fails`() throws {
    #expect(try encode().status == 0)
    let other = Fixtures.path("pictures/orientation_6.jpg")
    let run = try CommandLineRun.shell(
      "mkdir b && cp \"$1\" b/rgb8.jpg && $vaecodec encode b/rgb8.jpg -o out/ --skip-existing",
      [other], in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.contains("a picture of 13x11, expected a picture of "), "\(run)")
  }

  @Test(arguments: [0, 1, 60, -1])
  func `a file that was cut short is said and fails, and the others go on`(kept: Int) throws {
    for format in ["bin", "npz", "npy", "safetensors"] {
      let options = ["--format", format]
      #expect(try encode(options + ["--force"]).status == 0)
      let bytes = try folder.bytes(of: "out/rgb8.\(format)")
      let cut = Array(kept < 0 ? bytes.dropLast() : bytes.prefix(kept))
      try folder.write(cut, to: "out/rgb8.\(format)")
      let second = try encode(options + ["--skip-existing"])
      #expect(second.status == 1, "\(second)")
      #expect(
        second.errorLines.first?.hasPrefix(
          "vaecodec: \(pictures[0]): 'out/rgb8.\(format)' exists and is not whole: ") == true,
        "\(second)")
      #expect(
        second.text.hasPrefix("2 files: 0 done, 1 skipped, 1 failed, "), "\(second)")
      #expect(try folder.bytes(of: "out/rgb8.\(format)") == cut)
    }
  }

  @Test func `decoded pictures count if they are whole and of the size and depth`() throws {
    #expect(try encode().status == 0)
    let latents = ["out/rgb8.bin", "out/grey_alpha8.bin"]
    for format in ["png", "jpg"] {
      let line = ["decode"] + latents + ["-o", "p/", "--format", format]
      #expect(try run(line).status == 0)
      let second = try run(line + ["--skip-existing"])
      #expect(second.status == 0 && second.text.contains("0 done, 2 skipped"), "\(second)")
      let bytes = try folder.bytes(of: "p/rgb8.\(format)")
      try folder.write(Array(bytes.prefix(bytes.count / 2)), to: "p/rgb8.\(format)")
      let cut = try run(line + ["--skip-existing"])
      #expect(cut.status == 1 && cut.errors.contains("exists and is not whole: the "), "\(cut)")
    }
    let copied = try CommandLineRun.shell(
      """
      cp "$1" p/rgb8.png && cp "$2" p/grey_alpha8.png &&
        $vaecodec decode out/*.bin -o p/ --skip-existing
      """, [Fixtures.path("pictures/rgb16.png"), pictures[0]], in: folder)
    #expect(copied.status == 1, "\(copied)")
    #expect(copied.errors.contains("16 bits a sample, expected 8 bits a sample"), "\(copied)")
    #expect(copied.errors.contains("no alpha plane, expected an alpha plane"), "\(copied)")
  }

  @Test func `converted latents and previews count if they are those of the input`() throws {
    #expect(try encode(["--lossless"]).status == 0)
    for (command, ending) in [("convert", "npy"), ("preview", "png")] {
      let line =
        [command, "out/rgb8.bin", "out/grey_alpha8.bin", "-o", "c/"]
        + (command == "convert" ? ["--format", ending] : [])
      #expect(try run(line).status == 0)
      let second = try run(line + ["--skip-existing"])
      #expect(second.status == 0 && second.text.contains("0 done, 2 skipped"), "\(second)")
      try folder.write(
        folder.bytes(of: "c/rgb8.\(ending)"), to: "c/grey_alpha8.\(ending)")
      let swapped = try run(line + ["--skip-existing"])
      #expect(
        swapped.status == 1 && swapped.errors.contains("exists and is not what would be written"),
        "\(swapped)")
    }
  }
}
