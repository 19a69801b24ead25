import TestSupport
import Testing
import VAECodec

/// `vaecodec interpolate` through the binary.
@Suite struct InterpolateTests {
  private let folder: TemporaryFolder
  private let model = Fixtures.path("models/kl-sd")
  /// Two pictures of 32x24 pixels.
  private let first = Fixtures.path("models/kl-cogview/picture.png")
  private let second = Fixtures.path("models/kl-asymmetric/picture.png")

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: [String]) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(["interpolate"] + line, in: folder)
  }

  @Test func `a folder begins and ends with what the inputs decode to`() throws {
    let encoded = try CommandLineRun.vaecodec(
      ["encode", second, "--model", model, "-o", "b.bin"], in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    let run = try run([first, "b.bin", first, "-n", "3", "--model", model, "-o", "out/"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let names = (1...5).map { "lerp-00\($0).png" }
    #expect(FileNames.sorted(in: folder.path("out")) == names)
    let decoded = try CommandLineRun.vaecodec(
      ["decode", "b.bin", "--model", model, "-o", "b.png"], in: folder)
    #expect(decoded.status == 0, "\(decoded)")
    #expect(try folder.bytes(of: "out/lerp-003.png") == folder.bytes(of: "b.png"))
    let ends = try [1, 5].map { try folder.bytes(of: "out/lerp-00\($0).png") }
    #expect(try ends[0] == ends[1] && ends[0] != folder.bytes(of: "b.png"))
    #expect(
      try folder.bytes(of: "out/lerp-002.png") == folder.bytes(of: "out/lerp-004.png"))
  }

  @Test func `a strip has a row for each way`() throws {
    let line = [first, second, "-n", "4", "--model", model, "-o"]
    let one = try run(line + ["one.png"])
    #expect(one.status == 0 && one.errors.isEmpty, "\(one)")
    #expect(one.text.hasPrefix("one.png: 4 pictures, "))
    let two = try run(line + ["two.png", "--path", "slerp", "--path", "pixel", "--json"])
    #expect(two.status == 0, "\(two)")
    let reports = try two.jsonLines().dropLast()
    #expect(
      reports.compactMap { $0["path"] as? String }
        == ["slerp", "pixel"].flatMap { Array(repeating: $0, count: 4) })
    #expect(reports.compactMap { $0["position"] as? Double }.prefix(4).last == 1)
    let (single, double) = (
      try Image(contentsOf: folder.path("one.png")), try Image(contentsOf: folder.path("two.png"))
    )
    let size = try Image(contentsOf: first)
    #expect(single.width == double.width && single.width > 4 * size.width)
    #expect(double.height > single.height + size.height)
    let piped = try run(line + ["-"])
    #expect(try piped.output == folder.bytes(of: "one.png"))
  }

  @Test func `what cannot be read or is of another size is one line, and nothing is written`()
    throws
  {
    let small = Fixtures.path("models/kl-sd/picture-8x8.png")
    let sizes = try run([first, small, "--model", model, "-o", "out/"])
    #expect(sizes.status == 1 && sizes.errorLines.count == 1, "\(sizes)")
    #expect(sizes.errors.contains("picture-8x8.png: its size is 8x8, expected "))
    let missing = try run([first, "none.png", "-o", "strip.png"])
    #expect(missing.status == 1 && missing.errorLines.count == 1, "\(missing)")
    let other = try run([first, Fixtures.path("latents/kohya-flux.npz"), "-o", "strip.png"])
    #expect(other.status == 1 && other.errorLines.count == 1, "\(other)")
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [
    (["a.png", "-o", "s.png"], "interpolate expects B, found nothing"),
    (["a.png", "b.png"], "interpolate expects --output, found none"),
    (["a.png", "b.png", "-n", "1", "-o", "s.png"], "--frames expects a number from 2 to 1000"),
    (
      ["a.png", "b.png", "--path", "cubic", "-o", "s.png"], "--path expects lerp, slerp, channel or"
    ),
    (
      ["a.png", "b.png", "--path", "lerp", "--path", "lerp", "-o", "s.png"], "--path is given twice"
    ),
    (["-", "-", "-o", "s.png"], "- does not go with a second -"),
    (["a.png", "b.png", "-o", "b.png", "--force"], "'b.png' is an input and would be replaced"),
    (["a.png", "b.png", "-o", "s.gif"], ".png or .jpg"),
  ])
  func `what cannot be meant is refused`(line: [String], message: String) throws {
    let run = try run(line)
    #expect(run.status == 2 && run.errors.contains(message), "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `the help says that it is a cross-fade`() throws {
    let words = try run(["--help"]).text.split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    #expect(words.contains("this is a cross-fade of local appearance"))
  }
}
