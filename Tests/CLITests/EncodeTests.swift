import TestSupport
import Testing
import VAECodec

/// `vaecodec encode` through the binary: what it writes, where, and what it says of it.
@Suite struct EncodeTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")

  init() throws { folder = try TemporaryFolder() }

  @Test func `a picture becomes a latent file`() throws {
    let run = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.errors.isEmpty)
    #expect(run.text.hasPrefix("z.bin: "))
    #expect(run.text.split(separator: "\n").count == 1)
    let bytes = try folder.bytes(of: "z.bin")
    #expect(Latent.recognises(bytes))
    #expect(folder.names == ["z.bin"])
  }

  @Test(arguments: ["1", "2", "7"])
  func `any number of threads gives the same bytes`(threads: String) throws {
    let model = ["--model", Fixtures.path("models/kl-sd")]
    let one = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "-", "--threads", "1"] + model, in: folder)
    let many = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "-", "--threads", threads] + model, in: folder)
    #expect(one.status == 0 && many.status == 0, "\(many)")
    #expect(one.output == many.output && !one.output.isEmpty)
  }

  @Test func `a pipe gives the same bytes as files`() throws {
    let named = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin"], in: folder)
    let piped = try CommandLineRun.vaecodec(
      ["encode", "-", "-o", "-"], input: try Fixtures.bytes(at: picture), in: folder)
    #expect(named.status == 0 && piped.status == 0, "\(piped)")
    #expect(try folder.bytes(of: "z.bin") == piped.output)
    #expect(piped.errors.isEmpty)
  }

  @Test func `an array holds one batch of f32 latents`() throws {
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.NPY", "--model", Fixtures.path("models/kl-sd")], in: folder)
    #expect(run.status == 0, "\(run)")
    let bytes = try folder.bytes(of: "z.NPY")
    #expect(bytes.starts(with: [0x93] + Array("NUMPY".utf8)))
    let latent = try Latent(decoding: bytes)
    let reference = try ReferenceTensor(
      "moments", in: Fixtures.path("models/kl-sd/reference.safetensors"))
    #expect([latent.height, latent.width] == Array(reference.shape.suffix(2)))
    let mean = Array(reference.values.prefix(latent.values.count))
    #expect(relativeError(latent.values, mean) < 1e-5)
  }

  @Test func `the format option wins over the name`() throws {
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.dat", "--format", "npy"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try folder.bytes(of: "z.dat").first == 0x93)
  }

  @Test func `a sample depends on its seed alone`() throws {
    func sample(_ seed: String) throws -> [UInt8] {
      let run = try CommandLineRun.vaecodec(
        [
          "encode", picture, "-o", "-", "--posterior", "sample", "--seed", seed, "--model",
          Fixtures.path("models/kl-sd"),
        ], in: folder)
      #expect(run.status == 0, "\(run)")
      return run.output
    }
    #expect(try sample("7") == sample("7"))
    #expect(try sample("7") != sample("8"))
  }

  @Test func `a higher quality takes more bytes, lossless the most, and quiet says nothing`()
    throws
  {
    let options = [
      ["-q", "1"], ["-q", "40"], [], ["--quality", "99"], ["-q", "100"], ["--lossless"],
    ]
    let counts = try options.map { option in
      let run = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", "z.bin", "--force", "--quiet"] + option, in: folder)
      #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run)")
      return try folder.bytes(of: "z.bin").count
    }
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 }, "\(counts)")
    let standard = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "-", "-q", "75"], in: folder)
    #expect(standard.output.count == counts[2])
  }

  @Test func `the environment names a model and an instruction set`() throws {
    let environment = [
      "VAECODEC_MODEL": Fixtures.path("models/kl-sd"), "VAECODEC_ISA": "baseline",
    ]
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--json"], environment: environment, in: folder)
    #expect(run.status == 0, "\(run)")
    let report = try run.jsonLines()
    #expect(report.first?["model"] as? String == Fixtures.path("models/kl-sd"))
    let overruled = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "y.bin", "--json", "--model", Fixtures.path("models/tiny")],
      environment: environment, in: folder)
    #expect(
      try overruled.jsonLines().first?["model"] as? String == Fixtures.path("models/tiny"))
  }

  @Test(arguments: [
    (["VAECODEC_ISA": "vax"], "vaecodec: instruction set 'vax' is not one of this machine's: "),
    (["VAECODEC_MODEL": "/nowhere"], "vaecodec: /nowhere: no such file or folder"),
  ])
  func `a wrong environment is an error that names the value`(
    environment: [String: String], beginning: String
  ) throws {
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin"], environment: environment, in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.errorLines.count == 1 && run.errors.hasPrefix(beginning), "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `a report holds the keys that apply`() throws {
    let run = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin", "--json"], in: folder)
    let report = try #require(try run.jsonLines().first)
    #expect(
      Set(report.keys) == [
        "input", "output", "model", "width", "height", "latent", "bytes", "bpp", "quality",
        "seconds", "peak_memory_bytes",
      ])
    #expect(report["quality"] as? Int == 75)
    #expect(report["input"] as? String == picture)
    #expect(report["output"] as? String == "z.bin")
    #expect(report["bytes"] as? Int == (try folder.bytes(of: "z.bin").count))
    let seconds = try #require(report["seconds"] as? [String: Any])
    #expect(Set(seconds.keys) == ["load", "read", "encode", "write"])
  }

  @Test func `a picture of too many pixels is refused unless the limit is raised`() throws {
    let line = ["encode", picture, "-o", "z.bin", "--max-pixels"]
    let refused = try CommandLineRun.vaecodec(line + ["100"], in: folder)
    #expect(refused.status == 1)
    #expect(refused.errorLines.count == 1 && refused.errors.contains("100 pixels"), "\(refused)")
    #expect(folder.names.isEmpty)
    #expect(try CommandLineRun.vaecodec(line + ["1000000"], in: folder).status == 0)
  }
}
