import TestSupport
import Testing

/// Errors that say the way out.
@Suite struct AdviceTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("pictures/rgb8.png")

  init() throws { folder = try TemporaryFolder() }

  private func encode(
    _ options: [String], environment: [String: String] = [:]
  ) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(["encode"] + options, environment: environment, in: folder)
  }

  @Test func `a picture of another format comes with the line that converts it`() throws {
    try folder.write(Array("RIFF1234WEBPVP8 ".utf8), to: "a b.webp")
    try folder.write(Array("qoif....".utf8), to: "c.qoi")
    let run = try encode(["a b.webp", "c.qoi", picture, "-o", "out/"])
    #expect(run.status == 1, "\(run)")
    #expect(
      run.errorLines == [
        "vaecodec: a b.webp: the file is a WebP picture, expected a PNG or JPEG picture; "
          + "'dwebp 'a b.webp' -o 'a b.png'' converts it, and a folder of them: "
          + "'for f in *.webp; do dwebp \"${f}\" -o \"${f%.*}.png\"; done'",
        "vaecodec: c.qoi: the file is a QOI picture, expected a PNG or JPEG picture; "
          + "'convert c.qoi c.png' converts it, and a folder of them: "
          + "'for f in *.qoi; do convert \"${f}\" \"${f%.*}.png\"; done'",
      ])
    #expect(FileNames.sorted(in: folder.path("out")) == ["rgb8.bin"])
  }

  @Test func `a picture of too many pixels comes with the number that allows it`() throws {
    let run = try encode([picture, "-o", "a.bin", "--max-pixels", "142"])
    #expect(
      run.errors == "vaecodec: \(picture): the picture has 13x11 pixels, expected 142 pixels at "
        + "most; --max-pixels 143 allows it\n")
    let allowed = try encode([picture, "-o", "a.bin", "--max-pixels", "143"])
    #expect(allowed.status == 0, "\(allowed)")
  }

  @Test(arguments: [
    ("--vae", "--model"), ("--ckpt", "--model"), ("--overwrite", "--force"), ("-j", "--threads"),
    ("--resume", "--skip-existing"), ("--output-dir", "--output"), ("--background", "--matte"),
  ])
  func `an option of another program is understood as what it is here`(
    typed: String, meant: String
  ) throws {
    let run = try encode([picture, typed, "x"])
    #expect(run.status == 2)
    #expect(
      run.errorLines.first == "vaecodec: unknown option \(typed); did you mean \(meant)?", "\(run)")
  }

  @Test(arguments: [("flux1", "madebyollin/taef1"), ("sdxl", "madebyollin/sdxl-vae-fp16-fix")])
  func `a family without a model comes with one of its models`(
    family: String, model: String
  ) throws {
    let run = try encode([picture, "--family", family])
    #expect(run.status == 2)
    #expect(
      run.errorLines.first == "vaecodec: --family does not go with the built-in model, which says "
        + "it itself; --model names another, such as \(model) for '\(family)'", "\(run)")
  }

  @Test(arguments: ["encode", "decode", "convert"])
  func `a wrong variable is named`(command: String) throws {
    #expect(try encode([picture, "-o", "a.bin"]).status == 0)
    let input = command == "encode" ? picture : "a.bin"
    let run = try CommandLineRun.vaecodec(
      [command, input, "-o", command == "decode" ? "b.png" : "b.npy"],
      environment: ["VAECODEC_MODEL": "/nowhere"], in: folder)
    #expect(run.status == 1)
    #expect(
      run.errors == "vaecodec: /nowhere: no such file or folder; the variable VAECODEC_MODEL names "
        + "it\n")
    let named = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "b.bin", "--model", "/nowhere"],
      environment: ["VAECODEC_MODEL": "/elsewhere"], in: folder)
    #expect(named.errors == "vaecodec: /nowhere: no such file or folder\n")
  }
}
