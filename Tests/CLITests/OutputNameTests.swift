import TestSupport
import Testing
import VAECodec

/// Where outputs go that no option names: beside their inputs.
@Suite struct OutputNameTests {
  private let folder: TemporaryFolder

  /// Makes `img.png`, and `latent.bin` of it.
  init() throws {
    folder = try TemporaryFolder()
    let picture = try Fixtures.bytes(at: Fixtures.path("models/kl-sd/picture.png"))
    try folder.write(picture, to: "img.png")
    let run = try CommandLineRun.vaecodec(["encode", "img.png", "-o", "latent.bin"], in: folder)
    try #require(run.status == 0, "\(run)")
  }

  @Test(arguments: [
    ("encode img.png", "img.bin"), ("encode img.png --format npy", "img.npy"),
    ("encode ./img.png --format musubi --architecture z_image --scaled", "./img.safetensors"),
    ("decode latent.bin", "latent.png"), ("decode latent.bin --format jpg", "latent.jpg"),
    ("preview latent.bin", "latent.png"), ("preview latent.bin --format jpg", "latent.jpg"),
  ])
  func `an output lies beside its input and its name is printed`(
    line: String, name: String
  ) throws {
    let arguments = line.split(separator: " ").map(String.init)
    let run = try CommandLineRun.vaecodec(arguments, in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    #expect(run.text.hasPrefix("\(name): ") && run.text.split(separator: "\n").count == 1)
    let file = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    #expect(folder.names == ["img.png", "latent.bin", file].sorted())
    let other = "named" + file.drop { $0 != "." }
    let named = try CommandLineRun.vaecodec(arguments + ["-o", other, "--quiet"], in: folder)
    #expect(named.status == 0 && named.output.isEmpty, "\(named)")
    #expect(try folder.bytes(of: file) == folder.bytes(of: other))
  }

  @Test func `a round trip never writes over the picture it began with`() throws {
    let encoded = try CommandLineRun.vaecodec(["encode", "img.png"], in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    let before = try folder.bytes(of: "img.png")
    for command in ["decode", "preview"] {
      let run = try CommandLineRun.vaecodec([command, "img.bin"], in: folder)
      #expect(run.status == 1 && run.output.isEmpty, "\(run)")
      #expect(run.errors == "vaecodec: img.png exists; --force replaces it\n")
    }
    #expect(try folder.bytes(of: "img.png") == before)
    let again = try CommandLineRun.vaecodec(["encode", "img.png"], in: folder)
    #expect(again.status == 1 && again.errors == "vaecodec: img.bin exists; --force replaces it\n")
  }

  @Test func `several inputs lie in several folders, and so do their outputs`() throws {
    let run = try CommandLineRun.shell(
      "mkdir a b && cp img.png a/one.png && cp img.png b/two.jpeg.png && "
        + "$vaecodec encode a/one.png b/two.jpeg.png && $vaecodec decode latent.bin a/one.bin --json",
      in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.errors == "vaecodec: a/one.png exists; --force replaces it\n", "\(run)")
    #expect(FileNames.sorted(in: folder.path("a")) == ["one.bin", "one.png"])
    #expect(FileNames.sorted(in: folder.path("b")) == ["two.jpeg.bin", "two.jpeg.png"])
    #expect(folder.names == ["a", "b", "img.png", "latent.bin", "latent.png"])
  }

  @Test func `a dry run needs no place, not even of standard input`() throws {
    let run = try CommandLineRun.vaecodec(
      ["encode", "-", "--dry-run"], input: folder.bytes(of: "img.png"), in: folder)
    #expect(run.status == 0 && run.text.hasPrefix("-: 32x48 pixels"), "\(run)")
    #expect(folder.names == ["img.png", "latent.bin"])
  }
}
