import TestSupport
import Testing

/// `vaecodec info` through the binary.
@Suite struct InfoTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `without a file it describes the machine`() throws {
    let run = try CommandLineRun.vaecodec(["info"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let names = run.text.split(separator: "\n").map { $0.split(separator: " ").first ?? "" }
    #expect(names == ["version", "instruction", "available", "threads", "openblas"])
  }

  @Test(arguments: [
    ("models/kl-sd", "model"), ("models/tiny/diffusion_pytorch_model.safetensors", "model"),
    ("models/kl-statistics", "model"), ("pictures/rgba8.png", "picture"), ("npy/f4.npy", "latent"),
  ])
  func `a file is recognised by what is in it`(name: String, kind: String) throws {
    let run = try CommandLineRun.vaecodec(["info", Fixtures.path(name), "--json"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try run.jsonLines().first?["kind"] as? String == kind)
    let text = try CommandLineRun.vaecodec(["info", Fixtures.path(name)], in: folder)
    #expect(text.text.hasPrefix("kind ") && text.text.contains(kind))
  }

  @Test(arguments: [
    ("kohya-flipped.npz", "npz"), ("comfyui-2023-05.latent", "latent"),
    ("plain-bf16.safetensors", "safetensors"), ("musubi-image.safetensors", "musubi"),
  ])
  func `a latent of another program is described`(name: String, format: String) throws {
    let run = try CommandLineRun.vaecodec(
      ["info", Fixtures.path("latents/\(name)"), "--json"], in: folder)
    let facts = try #require(try run.jsonLines().first, "\(run)")
    #expect(facts["kind"] as? String == "latent" && facts["format"] as? String == format)
    #expect(facts["posterior"] as? String == "unknown")
    #expect(facts["units"] as? String == (format == "musubi" ? "unknown" : "raw"))
    switch format {
    case "npz":
      #expect(facts["original_size"] as? [Int] == [37, 20])
      #expect(facts["crop_ltrb"] as? [Int] == [0, 0, 37, 20])
      #expect(facts["flipped"] as? Bool == true && facts["alpha_mask"] as? Bool == true)
    case "musubi": #expect(facts["dialect"] as? String == "z_image")
    case "safetensors": #expect(facts["element_type"] as? String == "BF16")
    default: #expect(facts["dialect"] as? String == "May and June 2023")
    }
  }

  @Test(arguments: ["1", "30", "75", "99", "100", "lossless"])
  func `the quality of a latent bin is reported`(quality: String) throws {
    let option = quality == "lossless" ? ["--lossless"] : ["-q", quality]
    let made = try CommandLineRun.vaecodec(
      ["encode", Fixtures.path("pictures/rgb8.png"), "-o", "z.bin"] + option, in: folder)
    #expect(made.status == 0, "\(made)")
    let run = try CommandLineRun.vaecodec(["info", "z.bin"], in: folder)
    let line = run.text.split(separator: "\n").first { $0.hasPrefix("quality ") }
    #expect(line?.split(separator: " ").last.map(String.init) == quality, "\(run)")
  }

  @Test func `several latents are listed, and one of them described`() throws {
    let path = Fixtures.path("latents/kohya-several.npz")
    let all = try CommandLineRun.vaecodec(["info", path, "--json"], in: folder)
    #expect(
      try all.jsonLines().first?["latents"] as? [String] == [
        "latents_3x5 (4x3x5)", "latents_1x2 (4x1x2)",
      ])
    let one = try CommandLineRun.vaecodec(
      ["info", path, "--json", "--key", "latents_1x2"], in: folder)
    #expect(try one.jsonLines().first?["latent"] as? [Int] == [4, 1, 2])
  }

  @Test func `a damaged safetensors file is distinguished from a model without a configuration`()
    throws
  {
    let bytes = try Fixtures.bytes(at: Fixtures.path("latents/plain-f32.safetensors"))
    let path = try folder.write(Array(bytes.dropLast()), to: "z.safetensors")
    let run = try CommandLineRun.vaecodec(["info", path], in: folder)
    #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
    #expect(run.errors.hasPrefix("vaecodec: \(path): tensor `latents`: data end at byte"), "\(run)")
  }

  @Test(arguments: ["vae.pt", "ae.sft", "model.bin", "x", "x.latent", "x.png"])
  func `a model is recognised by its content, whatever it is called`(name: String) throws {
    let weights = "models/tiny/diffusion_pytorch_model.safetensors"
    let path = try folder.copy(weights, to: name)
    let run = try CommandLineRun.vaecodec(["info", path, "--json"], in: folder)
    let facts = try #require(try run.jsonLines().first, "\(run)")
    #expect(facts["kind"] as? String == "model")
    #expect(facts["class"] as? String == "AutoencoderTiny")
    let latent = try folder.copy("latents/plain-f32.safetensors", to: name)
    let described = try CommandLineRun.vaecodec(["info", latent, "--json"], in: folder)
    #expect(try described.jsonLines().first?["kind"] as? String == "latent", "\(described)")
  }

  @Test func `an index is described as the model of its files`() throws {
    let name = "diffusion_pytorch_model.safetensors"
    try folder.copy("models/kl-sd/\(name)", to: "a.safetensors")
    let index = try folder.write(
      ShardFixture.index(of: "kl-sd", shard: "a.safetensors"), to: "\(name).index.bf16.json")
    let run = try CommandLineRun.vaecodec(["info", index, "--groups", "8", "--json"], in: folder)
    #expect(try run.jsonLines().first?["kind"] as? String == "model", "\(run)")
  }

  @Test func `an array archive is a latent under the name of a model`() throws {
    let path = try folder.copy("latents/kohya-several.npz", to: "x.pt")
    let run = try CommandLineRun.vaecodec(["info", path, "--json"], in: folder)
    #expect(try run.jsonLines().first?["format"] as? String == "npz", "\(run)")
  }

  @Test(arguments: [
    ("vae.pt", archive("archive/data.pkl"), "malformed PyTorch file"),
    ("model.bin", [0x80, 2] + Array("}junk of a pickle".utf8), "a bare Python pickle"),
    ("vae.safetensors", [0x80, 4] + Array("}junk of a pickle".utf8), "a bare Python pickle"),
    ("vae.gguf", Array("GGUF and more".utf8), "a GGUF file"),
    ("vae.pt", Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a Git LFS pointer"),
    ("vae.pt", Array("<!DOCTYPE html><html>é</html>".utf8), "an HTML page"),
    ("vae.sft", Array("<!DOCTYPE html><html></html>".utf8), "an HTML page"),
    ("config.json", Array("{}".utf8), "a JSON text"),
  ])
  func `what is no model is refused by what it is`(
    name: String, content: [UInt8], kind: String
  ) throws {
    let path = try folder.write(content, to: name)
    let run = try CommandLineRun.vaecodec(["info", path], in: folder)
    #expect(run.status == 1 && run.output.isEmpty && run.errorLines.count == 1, "\(run)")
    #expect(run.errors.hasPrefix("vaecodec: \(path): ") && run.errors.contains(kind), "\(run)")
  }

  /// The beginning of a ZIP archive of a file called `name`.
  private static func archive(_ name: String) -> [UInt8] {
    Array("PK\u{03}\u{04}".utf8) + [UInt8](repeating: 0, count: 22)
      + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8)
  }

  @Test func `the built-in model is described by its name`() throws {
    let run = try CommandLineRun.vaecodec(["info", "default", "--json"], in: folder)
    let facts = try #require(try run.jsonLines().first, "\(run)")
    #expect(facts["kind"] as? String == "model" && facts["family"] as? String == "sd")
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
