import TestSupport
import Testing
import VAECodec

/// `vaecodec convert` through the binary.
@Suite struct ConvertTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func fixture(_ name: String) -> String { Fixtures.path("latents/\(name)") }

  private func convert(_ arguments: [String]) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(["convert"] + arguments, in: folder)
  }

  /// What `--format` takes, and what a reader and a writer of it need.
  private static let formats: [(name: String, writing: [String], reading: [String])] = [
    ("bin", ["--lossless"], []), ("npy", [], []), ("npz", [], []), ("latent", [], []),
    ("safetensors", [], []),
    (
      "musubi", ["--output-units", "raw", "--architecture", "z_image"], ["--input-units", "raw"]
    ),
    ("raw", ["--output-units", "raw"], ["--input-units", "raw", "--shape", "4x3x5"]),
  ]

  @Test func `any format becomes any other with the values it had`() throws {
    for first in Self.formats {
      let made = try convert(
        [fixture("kohya-2023-07.npz"), "-o", "a.\(first.name)", "--format", first.name]
          + first.writing + ["--family", "sd", "--quiet"])
      #expect(made.status == 0 && made.errors.isEmpty, "\(made)")
      for second in Self.formats {
        let output = "\(first.name).\(second.name)"
        let run = try convert(
          ["a.\(first.name)", "-o", output, "--format", second.name] + first.reading
            + second.writing + ["--family", "sd", "--quiet"])
        #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run)")
        let bytes = try folder.bytes(of: output)
        let file =
          second.name == "raw"
          ? try LatentFile(rawFloats: bytes, extents: [4, 3, 5]) : try LatentFile(decoding: bytes)
        let expected = (0..<60).map { Float($0 * 7 % 61 - 30) / 8 }
        #expect(try file.latent(units: .raw).values == expected, "\(output)")
      }
    }
  }

  @Test func `the scale is converted on the way`() throws {
    let line = [fixture("comfyui.latent"), "--family", "sdxl", "--quiet"]
    #expect(try convert(line + ["-o", "z.npy", "--output-units", "scaled"]).status == 0)
    let scaled = try Latent(contentsOf: folder.path("z.npy"), units: .scaled)
    let raw = (0..<60).map { Float($0 * 7 % 61 - 30) / 8 }
    #expect(scaled.values == raw.map { $0 * 0.13025 })
    #expect(
      try convert([
        "z.npy", "-o", "z.latent", "--input-units", "scaled", "--family", "sdxl",
      ]).status == 0)
    let back = try Latent(contentsOf: folder.path("z.latent"))
    #expect(zip(back.values, raw).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(back.space == LatentSpace(.sdxl))
  }

  @Test func `what a file does not say is asked for`() throws {
    let cases: [(arguments: [String], sentence: String)] = [
      (
        ["-o", "z.bin"],
        "the latent space is not known, and latent.bin must name it: --family or --model says which"
      ),
      (
        ["-o", "z.npy", "--output-units", "scaled"],
        "raw and scaled values differ by a scaling that is not known: --family or --model names it"
      ),
    ]
    let input = fixture("comfyui.latent")
    for (arguments, sentence) in cases {
      let run = try convert([input] + arguments)
      #expect(run.status == 1 && run.errors == "vaecodec: \(input): \(sentence)\n", "\(run)")
    }
    let musubi = fixture("musubi-image.safetensors")
    let run = try convert([musubi, "-o", "z.npy"])
    #expect(
      run.errors
        == "vaecodec: \(musubi): musubi-tuner's .safetensors does not say whether values "
        + "are raw or scaled: --scaled or --unscaled says which, --input-units where a file is converted\n"
    )
    #expect(folder.names.isEmpty)
  }

  @Test func `a space that a file states is not renamed`() throws {
    #expect(
      try convert([fixture("comfyui.latent"), "-o", "z.bin", "--family", "sdxl"]).status == 0)
    for command in ["convert", "preview"] {
      let output = command == "convert" ? "y.bin" : "y.png"
      let run = try CommandLineRun.vaecodec(
        [command, "z.bin", "-o", output, "--family", "sd"], in: folder)
      #expect(run.status == 1)
      #expect(
        run.errors.hasPrefix("vaecodec: z.bin: the file says that its latent is of space 'sdxl' "),
        "\(run)")
    }
    let channels = try convert([fixture("comfyui.latent"), "-o", "x.bin", "--family", "flux1"])
    #expect(channels.errors.contains("the latent has 4 channels, unlike 'flux1' "), "\(channels)")
  }

  @Test func `units that nobody gave are not taken in silence`() throws {
    #expect(try convert([fixture("comfyui.latent"), "-o", "z.npy"]).errors.isEmpty)
    let note =
      "vaecodec: z.npy: note: its file does not say the units of its values; taken for raw; "
    let decoded = try CommandLineRun.vaecodec(["decode", "z.npy", "-o", "p.png"], in: folder)
    let space =
      "vaecodec: z.npy: note: its file does not say its latent space; taken for the model's 'sd'\n"
    #expect(decoded.status == 0 && decoded.errors == space + note + "--scaled says otherwise\n")
    let run = try convert(["z.npy", "-o", "z.latent"])
    #expect(run.status == 0 && run.errors == note + "--input-units scaled says otherwise\n")
    // Once for all files.
    let many = try CommandLineRun.shell(
      "cp z.npy y.npy && $vaecodec decode z.npy y.npy -o out/", in: folder)
    #expect(
      many.errors
        == space.replacing("'sd'", with: "'sd', and so are others like it")
        + note.replacing("raw; ", with: "raw, and so are others like it; ")
        + "--scaled says otherwise\n", "\(many)")
    for option in ["--scaled", "--unscaled", "--quiet"] {
      let given = try CommandLineRun.vaecodec(
        ["decode", "z.npy", "-o", "p.png", "--force", option], in: folder)
      #expect(given.status == 0 && !given.errors.contains("units"), "\(given)")
      #expect(given.errors == (option == "--quiet" ? "" : space))
    }
  }

  @Test(arguments: [
    ("t.pt", [0x80, 0x02, 0x7D, 0x71], "it is a bare Python pickle, which is not read"),
    ("p.jpg", [0xFF, 0xD8, 0xFF, 0xE0], "not a latent file: it is a picture"),
    ("w.webp", Array("RIFF....WEBP".utf8), "not a latent file: it is a WebP picture"),
  ])
  func `what people take for a latent is named`(
    name: String, beginning: [UInt8], sentence: String
  ) throws {
    try folder.write(beginning + [UInt8](repeating: 0, count: 80), to: name)
    let run = try convert([name, "-o", "z.npy"])
    #expect(run.status == 1 && run.errors.hasPrefix("vaecodec: \(name): \(sentence)"), "\(run)")
  }

  @Test func `one of several latents is chosen by its key`() throws {
    let input = fixture("kohya-several.npz")
    let refused = try convert([input, "-o", "z.npy"])
    #expect(refused.status == 1)
    #expect(
      refused.errors
        == "vaecodec: \(input): the file holds 2 latents: "
        + "latents_3x5, latents_1x2; --key chooses one, -o FOLDER/ takes all\n")
    let run = try convert([input, "-o", "z.npy", "--key", "latents_1x2"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    #expect(try Latent(contentsOf: folder.path("z.npy")).width == 2)
  }

  @Test func `a cache stays what it was, flipped latent and mask included`() throws {
    let input = fixture("kohya-flipped.npz")
    #expect(try convert([input, "-o", "z.npz"]).status == 0)
    #expect(try folder.bytes(of: "z.npz") == Fixtures.bytes(at: input))
    let run = try convert([input, "-o", "z.npy"])
    #expect(
      run.errors
        == "vaecodec: \(input): note: .npy has no place for the picture's size, the alpha plane, "
        + "the flipped latent\n")
  }

  @Test func `a mask becomes the alpha plane of a latent and of a picture`() throws {
    let input = fixture("kohya-flipped.npz")
    let mask = try #require(try Latent(contentsOf: input).cache?.alphaMask)
    #expect(try convert([input, "-o", "z.bin", "--family", "sd", "--quiet"]).status == 0)
    for name in [input, "z.bin"] {
      let run = try CommandLineRun.vaecodec(["decode", name, "-o", "p.png", "--force"], in: folder)
      #expect(run.status == 0, "\(run)")
      let alpha = (0..<20).flatMap { y in (0..<37).map { UInt8(mask[40 * y + $0] * 255) } }
      #expect(try Image(contentsOf: folder.path("p.png")).alpha == .bits8(alpha))
    }
  }

  @Test func `a size that nobody gave is not written in silence`() throws {
    let sizeless = fixture("comfyui.latent")
    let run = try convert([sizeless, "-o", "z.npz"])
    #expect(run.status == 0, "\(run)")
    #expect(
      run.errors
        == "vaecodec: \(sizeless): note: the picture's size is not known; kohya's .npz says what "
        + "the latent covers\n")
    #expect(try Latent(contentsOf: folder.path("z.npz")).cache?.originalSize == [40, 24])
    let given = try convert([fixture("kohya-2023-07.npz"), "-o", "y.npz"])
    #expect(given.status == 0 && given.errors.isEmpty, "\(given)")
  }

  @Test(arguments: [(step: Float(0.125), quality: 100), (step: 0.1, quality: nil)])
  func `nothing is lost on the way to latent bin unless a quality is given`(
    step: Float, quality: Int?
  ) throws {
    let source = try Latent(
      channels: 4, height: 8, width: 8, values: (0..<256).map { step * Float($0) },
      units: .raw)
    try folder.write(source.encoded(as: .npy, LatentFileOptions()), to: "z.npy")
    let run = try convert(["z.npy", "-o", "z.bin", "--family", "sd", "--json"])
    let report = try #require(try run.jsonLines().first)
    #expect(report["quality"] as? Int == quality)
    #expect(report["lossless"] as? Bool == (quality == nil ? true : nil))
    let result = try Latent(contentsOf: folder.path("z.bin"))
    #expect(result.values == source.values && result.posterior == nil)
    #expect(try convert(["z.npy", "-o", "q.bin", "--family", "sd", "-q", "30"]).status == 0)
    #expect(try folder.bytes(of: "q.bin").count < folder.bytes(of: "z.bin").count)
  }

  @Test func `samples are drawn from moments, and the mean is kept if asked for`() throws {
    let picture = Fixtures.path("models/kl-sd/picture-8x8.png")
    let model = ["--model", Fixtures.path("models/kl-sd")]
    for name in ["m.bin", "m.safetensors"] {
      let encoded = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", name, "--posterior", "moments", "--lossless"] + model, in: folder)
      #expect(encoded.status == 0, "\(encoded)")
      let direct = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", "s.npy", "--posterior", "sample", "--seed", "7", "--force"]
          + model, in: folder)
      #expect(direct.status == 0)
      #expect(try convert([name, "-o", "c.npy", "--seed", "7", "--force"]).status == 0)
      #expect(try folder.bytes(of: "c.npy") == folder.bytes(of: "s.npy"))
      #expect(try convert([name, "-o", "mean.npz", "--mean", "--force"]).status == 0)
      let refused = try convert([name, "-o", "x.latent"])
      #expect(
        refused.errors
          == "vaecodec: \(name): ComfyUI's .latent has no place for moments: --seed draws a "
          + "sample, --mean keeps the mean\n")
    }
    #expect(!folder.names.contains("x.latent"))
  }

  @Test func `many files become a folder, and a bad one is reported`() throws {
    let inputs = ["kohya-2022-12.npz", "pickled.npz", "comfyui.latent"].map(fixture)
    let run = try convert(inputs + ["-o", "out/", "--format", "safetensors", "--json"])
    #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
    #expect(run.errors.contains("member `latents.npy`"))
    #expect(
      FileNames.sorted(in: folder.path("out")) == [
        "comfyui.safetensors", "kohya-2022-12.safetensors",
      ])
    let reports = try run.jsonLines().dropLast()
    #expect(reports.map { $0["latent"] as? [Int] } == [[4, 3, 5], nil, [4, 3, 5]])
    #expect(reports.map { $0["code"] as? String } == [nil, "latent", nil])
  }

  @Test(arguments: ["npz", "latent", "safetensors"])
  func `what encode writes for other programs decodes to the picture's size`(
    format: String
  ) throws {
    let picture = Fixtures.path("pictures/rgb8.png")
    let before = try Image(contentsOf: picture)
    let encoded = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.\(format)"], in: folder)
    #expect(encoded.status == 0 && encoded.errors.isEmpty, "\(encoded)")
    let decoded = try CommandLineRun.vaecodec(["decode", "z.\(format)", "-o", "p.png"], in: folder)
    #expect(decoded.status == 0, "\(decoded)")
    #expect(decoded.errors.contains("does not say its latent space") == (format == "npz"))
    let after = try Image(contentsOf: folder.path("p.png"))
    #expect([after.width, after.height] == [before.width, before.height])
  }

  @Test func `raw floats are decoded by their shape`() throws {
    let picture = Fixtures.path("models/kl-sd/picture.png")
    #expect(
      try CommandLineRun.vaecodec(
        ["encode", picture, "-o", "z.f32", "--format", "raw"], in: folder
      ).status == 0)
    let run = try CommandLineRun.vaecodec(
      ["decode", "z.f32", "-o", "p.png", "--shape", "4x6x4", "--scaled", "--quiet"],
      in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let wrong = try CommandLineRun.vaecodec(
      ["decode", "z.f32", "-o", "q.png", "--shape", "4x6x5"], in: folder)
    #expect(
      wrong.errors
        == "vaecodec: z.f32: the file at byte 0: 384 bytes, expected 480 of floats [4, 6, 5]\n")
    let unknown = try CommandLineRun.vaecodec(["decode", "z.f32", "-o", "q.png"], in: folder)
    #expect(unknown.status == 1 && unknown.errors.contains("not a latent file"), "\(unknown)")
  }
}
