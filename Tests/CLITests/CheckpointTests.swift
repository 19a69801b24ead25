import TestSupport
import Testing
import VAE

/// Checkpoints as people have them, through the binary.
@Suite struct CheckpointTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")

  init() throws { folder = try TemporaryFolder() }

  // MARK: Large files

  @Test func `a checkpoint of 7 GB takes no more memory than its autoencoder`() throws {
    let others = (0..<2000).map { index in
      ("model.diffusion_model.input_blocks.\(index).0.in_layers.2.weight", [1280, 1365])
    }
    let own = StableDiffusionShapes.all.map { ("first_stage_model.\($0.name)", $0.shape) }
    let (head, byteCount) = SafetensorsBuilder.header(others + own, type: .f16)
    #expect(byteCount > 7_000_000_000)
    let path = try folder.writeSparse(head, byteCount: byteCount, to: "sd15.safetensors")
    let info = try CommandLineRun.vaecodec(["info", path], in: folder)
    #expect(info.status == 0 && info.errors.isEmpty && info.text.contains("83653863"), "\(info)")
    #expect(info.peakByteCount < 60_000_000)
    let small = try folder.copy("pictures/rgb8.png", to: "p.png")
    let encoded = try CommandLineRun.vaecodec(
      ["encode", small, "-o", "z.bin", "--model", path], in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    // The autoencoder's tensors are 167 MB.
    #expect(encoded.peakByteCount < 167_000_000, "\(encoded.peakByteCount)")
  }

  // MARK: Families

  @Test func `a family against what the model shows is refused or said`() throws {
    for option in [["--family", "sdxl"], ["--groups", "8"]] {
      let run = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", "z.bin", "--model", "default"] + option, in: folder)
      #expect(
        run.status == 2 && run.errors.contains("the built-in model, which says it itself"), "\(run)"
      )
    }
    let model = Fixtures.path("models/kl-sd")
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--model", model, "--family", "sdxl"], in: folder)
    #expect(run.status == 0)
    #expect(
      run.errors
        == "vaecodec: \(model): note: its files show that its latents are of 'sd'; taken for "
        + "'sdxl' as asked\n", "\(run)")
  }

  @Test func `an unknown family is noted once, on standard error`() throws {
    let model = FamilyFixtures.models[0]
    let path = try folder.write(
      SafetensorsBuilder.file(FamilyFixtures.tensors(of: model, .latentDiffusion)),
      to: "m.safetensors")
    let options = ["--model", path, "--groups", "8"]
    let encode = ["encode", picture, "-o", "z.npy", "--force"]
    let run = try CommandLineRun.vaecodec(encode + options, in: folder)
    #expect(run.status == 0 && run.errorLines.count == 1, "\(run)")
    #expect(run.errors.hasPrefix("vaecodec: \(path): note: its files do not show whether"))
    let raw = try folder.bytes(of: "z.npy")
    for (more, factor) in [(["--quiet"], 0.18215), (["--family", "sdxl"], 0.13025)] {
      let scaled = try CommandLineRun.vaecodec(encode + options + more + ["--scaled"], in: folder)
      #expect(scaled.status == 0 && scaled.errors.isEmpty, "\(scaled)")
      let values = try Self.floats(folder.bytes(of: "z.npy"))
      for (value, own) in zip(values, Self.floats(raw)) { #expect(value == own * Float(factor)) }
      let plain = try CommandLineRun.vaecodec(encode + options + more, in: folder)
      #expect(plain.status == 0)
      #expect(try folder.bytes(of: "z.npy") == raw)
    }
  }

  @Test func `info says what a checkpoint is`() throws {
    let model = FamilyFixtures.models[4]
    let path = try folder.write(
      SafetensorsBuilder.file(FamilyFixtures.tensors(of: model, .firstStage)),
      to: "ae.safetensors")
    let run = try CommandLineRun.vaecodec(["info", path, "--groups", "4", "--json"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let facts = try #require(try run.jsonLines().first)
    #expect(facts["kind"] as? String == "model" && facts["class"] as? String == "AutoencoderKL")
    #expect(facts["naming"] as? String == "latent-diffusion, prefix first_stage_model.")
    #expect(facts["family"] as? String == "flux1" && facts["scaling_factor"] as? Double == 0.3611)
    #expect(facts["shift_factor"] as? Double == 0.1159)
  }

  @Test func `another model's configuration beside a file is reported`() throws {
    let path = try folder.copy("models/kl-names/ldm.safetensors", to: "flux/ae.safetensors")
    try folder.write(Array(#"{"architectures":["T5EncoderModel"]}"#.utf8), to: "flux/config.json")
    let arguments = ["info", path, "--groups", "4", "--family", "sd-x4"]
    let run = try CommandLineRun.vaecodec(arguments, in: folder)
    let note = "the config.json beside it is that of a T5EncoderModel and was not taken"
    #expect(run.status == 0 && run.errors == "vaecodec: \(path): note: \(note)\n", "\(run)")
  }

  @Test(arguments: [
    ("vae-ft-mse-840000.safetensors", nil, "sd"), ("my_vae.safetensors", nil, "sd"),
    ("model.safetensors", "cond_stage_model.transformer.weight", "sd"),
    ("diffusion_pytorch_model.safetensors", "model.double_layers.0.attn.weight", nil),
    ("diffusion_pytorch_model.safetensors", nil, nil),
  ])
  func `what a file says counts for more than a configuration beside it`(
    name: String, neighbour: String?, family: String?
  ) throws {
    let tensors = try FamilyFixtures.tensors(of: FamilyFixtures.models[2], .firstStage)
    let more = neighbour.map { [SafetensorsBuilder.Tensor($0, [1], [0])] } ?? []
    let path = try folder.write(SafetensorsBuilder.file(tensors + more), to: "m/\(name)")
    try folder.copy("models/kl-sdxl/config.json", to: "m/config.json")
    let run = try CommandLineRun.vaecodec(["info", path, "--json"], in: folder)
    let facts = try #require(try run.jsonLines().first)
    #expect(facts["family"] as? String == family ?? "sdxl", "\(run)")
    #expect(facts["scaling_factor"] as? Double == (family == nil ? 0.13025 : 0.18215))
    let note =
      "vaecodec: \(path): note: the config.json beside it is for latents of 'sdxl', which was "
      + "passed over: it belongs to another file; --family sdxl takes it"
    #expect(run.errorLines.contains { $0 == note } == (family != nil), "\(run)")
    let named = try CommandLineRun.vaecodec(["info", path, "--family", "sdxl"], in: folder)
    #expect(named.status == 0 && !named.errors.contains("config.json"), "\(named)")
  }

  @Test func `a second autoencoder in a file is noted`() throws {
    let model = FamilyFixtures.models[4]
    let plain = try FamilyFixtures.tensors(of: model, .diffusers)
    let both = plain.flatMap { [$0.renamed("vae." + $0.name), $0.renamed("ema_vae." + $0.name)] }
    let path = try folder.write(SafetensorsBuilder.file(both), to: "flux-vae.safetensors")
    let run = try CommandLineRun.vaecodec(["info", path, "--groups", "4"], in: folder)
    let note = "it holds another autoencoder, `ema_vae.`, which was passed over"
    #expect(run.status == 0 && run.errors == "vaecodec: \(path): note: \(note)\n", "\(run)")
  }

  /// The f32 values of an .npy file.
  private static func floats(_ bytes: [UInt8]) -> [Float] {
    let data = bytes.dropFirst(128)
    return stride(from: data.startIndex, to: data.endIndex, by: 4).map { offset in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) })
    }
  }
}
