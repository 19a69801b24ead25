import TestSupport
import Testing

/// `vaecodec info` through the binary.
@Suite struct InfoTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `without a file it tells of the machine`() throws {
    let run = try CommandLineRun.vaecodec(["info"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let names = run.text.split(separator: "\n").map { $0.split(separator: " ").first ?? "" }
    #expect(names == ["version", "instruction", "available", "threads", "openblas"])
  }

  @Test(arguments: [
    ("models/kl-sd", "model"), ("models/tiny/diffusion_pytorch_model.safetensors", "model"),
    ("models/kl-statistics", "model"), ("pictures/rgba8.png", "picture"), ("npy/f4.npy", "latent"),
  ])
  func `a file is told by what is in it`(name: String, kind: String) throws {
    let run = try CommandLineRun.vaecodec(["info", Fixtures.path(name), "--json"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try run.jsonLines().first?["kind"] as? String == kind)
    let text = try CommandLineRun.vaecodec(["info", Fixtures.path(name)], in: folder)
    #expect(text.text.hasPrefix("kind ") && text.text.contains(kind))
  }

  @Test func `standard input is a file too`() throws {
    let run = try CommandLineRun.vaecodec(
      ["info", "-", "--json"], input: try Fixtures.bytes(at: Fixtures.path("pictures/rgb16.png")),
      in: folder)
    #expect(try run.jsonLines().first?["bit_depth"] as? Int == 16, "\(run)")
  }

  @Test(arguments: ["", "hello, world", "PK\u{03}\u{04}"])
  func `what is nothing that is known is refused`(content: String) throws {
    let path = try folder.write(Array(content.utf8), to: "x")
    let run = try CommandLineRun.vaecodec(["info", path], in: folder)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errorLines.count == 1 && run.errors.hasPrefix("vaecodec: \(path): "), "\(run)")
  }
}
